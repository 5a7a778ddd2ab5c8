import Testing
import Users

@Suite("Passwords")
struct PasswordTests {
    private func password(_ text: String, least: Int = 15) -> Outcome<String> {
        outcome { () throws(InvalidValue) in
            try Password(
                parsing: text, under: PasswordPolicy(codePointCountMin: least)
            ).revealed
        }
    }

    @Test(arguments: [
        "correct horse battery", "tr0ub4dor&3 zebra", "пароль из многих слов", "密碼必須至少有十五個字元才行呢",
        "  spaces are kept  ", "null\0byte inside it", "fünfzehn Zeichen", "password 1234 plus",
        "abcd then something", "aX9!aX9!zQ7-mK2@pL4",
        String(repeating: "correct horse 7 ", count: 16),
    ])
    func `a long password without pattern is accepted as it is`(_ text: String) {
        #expect(password(text) == .value(text))
    }

    @Test func `a password is normalised`() {
        #expect(password("ｐａｓｓ phrase ﬁxed é") == .value("pass phrase fixed \u{E9}"))
        #expect(password("cafe\u{301} au lait noir") == .value("caf\u{E9} au lait noir"))
    }

    @Test(
        arguments: [
            ("", .tooShort), ("fourteen chars", .tooShort),
            // Eight code points of fifteen octets and more.
            ("😀😁😂🤣😃😄😅😆", .tooShort), (String(repeating: "é", count: 14), .tooShort),
            (String(repeating: "correct horse 7 ", count: 16) + "!", .tooLong),
            (String(repeating: "\u{301}", count: 500_000), .tooLong),
            // Normalisation counts: each ligature is three letters.
            (String(repeating: "a\u{FB03}9Zq\u{FB03}", count: 29), .tooLong),
        ] as [(String, FaultCode)])
    func `a password is 15 to 256 code points`(_ text: String, _ code: FaultCode) {
        #expect(password(text) == .fault(code))
    }

    @Test(arguments: [
        "111111111111111", "abcdefghijklmnop", "zyxwvutsrqponmlk", "1234567890123456",
        "aaaabbbbccccdddd", "abcdefgh12345678", "abcdefgh87654321", "password12345678",
        "aaaaaaaaaaaaaaab", "зззззззззззззззз", "abcabcabcabcabc", "passwordpassword",
        "secret!secret!se", "xyxyxyxyxyxyxyxyx", "correct 7correct 7",
    ])
    func `runs and repeats are refused`(_ text: String) {
        #expect(password(text) == .fault(.passwordPredictable))
    }

    @Test(arguments: [
        "manchesterunited", "ManchesterUnited", "ＷＯＲＬＤＯＦＷＡＲＣＲＡＦＴ", "q1w2e3r4t5y6u7i8o9p0",
        "00rdtsau4leyzunckj121dwm", "zxcvbnmasdfghjkl",
    ])
    func `common passwords are refused in whatever case`(_ text: String) {
        #expect(password(text) == .fault(.passwordCommon))
    }

    @Test(arguments: ["football", "Baseball", "trustno1", "1qaz2wsx", "jennifer", "KILLER123"])
    func `shorter common passwords are refused where short ones are allowed`(_ text: String) {
        #expect(password(text, least: 8) == .fault(.passwordCommon))
        #expect(password(text) == .fault(.tooShort))
    }

    @Test(arguments: ["manchesterunitedx", "my manchesterunited", "manchester united"])
    func `what merely has a common password in it is accepted`(_ text: String) {
        #expect(password(text) == .value(text))
    }

    @Test func `what repeats is long enough if it were long enough alone`() {
        #expect(
            password("correct horse 7correct horse 7") == .value("correct horse 7correct horse 7"))
        #expect(password("correct correct ", least: 8) == .value("correct correct "))
    }

    @Test(
        arguments: [
            (
                "ada.lovelace@example.com", "Ada Lovelace", "my ada.lovelace 1843",
                .passwordContainsEmail
            ),
            (
                "ada.lovelace@example.com", "Ada Lovelace", "ADA.LOVELACE is me",
                .passwordContainsEmail
            ),
            ("lovelace@example.com", "Ada", "xx ＬＯＶＥＬＡＣＥ xx yy", .passwordContainsEmail),
            ("straße@example.com", "Ada", "die STRASSE entlang", .passwordContainsEmail),
            ("al@example.com", "Ada Lovelace", "i am ada lovelace!", .passwordContainsName),
            (
                "countess@example.com", "Ada Lovelace", "the countess's engine",
                .passwordContainsEmail
            ),
            ("al@example.com", "Ada", "al and ada go home", nil),
            ("ada.lovelace@example.com", "Ada Lovelace", "difference engine 2", nil),
        ] as [(String, String, String, FaultCode?)])
    func `a password that has the local part or the name in it is refused`(
        _ email: String, _ name: String, _ text: String, _ code: FaultCode?
    ) throws {
        let password = try Password(parsing: text, under: PasswordPolicy())
        let email = try EmailAddress(parsing: email)
        let name = try DisplayName(parsing: name)
        let outcome = outcome { () throws(InvalidValue) in
            try password.check(email: email, displayName: name)
            return true
        }
        #expect(outcome == code.map { .fault($0) } ?? .value(true))
    }

    @Test func `a password shows itself to no print, dump or interpolation`() throws {
        let secret = "correct horse battery"
        let password = try Password(parsing: secret, under: PasswordPolicy())
        var dumped = ""
        dump(password, to: &dumped)
        dump(try Sample.draft(password: secret), to: &dumped)
        for text in ["\(password)", String(reflecting: password), "\([password])", dumped] {
            #expect(!text.contains("horse"), "\(text)")
        }
    }
}
