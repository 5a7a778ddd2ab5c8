import PasswordHashing
import Testing

@Suite("Stored hashes of other systems, read")
struct StoredHashParsingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let expected: PasswordHashingError
        var testDescription: String { "\(text.prefix(60)): \(expected)" }

        init(_ text: String, _ expected: PasswordHashingError) {
            (self.text, self.expected) = (text, expected)
        }
    }

    private static let bcryptTail = String(repeating: "a", count: 53)
    private static let tag43 = String(repeating: "a", count: 43)
    private static let tag86 = String(repeating: "a", count: 86)
    private static let base64Of32 = String(repeating: "A", count: 43)

    @Test(arguments: [
        Case("$2b$03$\(bcryptTail)", .bcryptCostOutOfRange(3)),
        Case("$2b$15$\(bcryptTail)", .bcryptCostOutOfRange(15)),
        Case("$2y$31$\(bcryptTail)", .bcryptCostOutOfRange(31)),
        Case("$2a$99$\(bcryptTail)", .bcryptCostOutOfRange(99)),
        Case("$5$rounds=999$salt$\(tag43)", .roundsOutOfRange(999)),
        Case("$5$rounds=1000001$salt$\(tag43)", .roundsOutOfRange(1_000_001)),
        Case("$6$rounds=999999999$salt$\(tag86)", .roundsOutOfRange(999_999_999)),
        Case("$pbkdf2-sha256$2000001$c2FsdA$\(base64Of32)", .roundsOutOfRange(2_000_001)),
        Case("$pbkdf2-sha512$9999999999$c2FsdA$A", .roundsOutOfRange(9_999_999_999)),
        Case("$y$jDT$salt$\(tag43)", .yescryptParametersNotListed),
        Case("$y$zzz$salt$\(tag43)", .yescryptParametersNotListed),
        Case("$y$jCTz/$salt$\(tag43)", .yescryptParametersNotListed),
        Case("$y$$salt$\(tag43)", .yescryptParametersNotListed),
        scrypt(18, 8, 1), scrypt(17, 8, 2), scrypt(14, 8, 9), scrypt(16, 1, 1),
        scrypt(4, 33, 1), scrypt(4, 17, 1), scrypt(4, 8, 17), scrypt(63, 8, 1), scrypt(64, 8, 1),
        scrypt(9_999_999_999, 8, 1), scrypt(4, 9_999_999_999, 1), scrypt(4, 8, 9_999_999_999),
        // log N is 16, 63, 0; r is 0, 33, 2³⁰ - 1; p is 0, 2³⁰ - 1.
        Case(
            "$7$EU..../....salt$\(tag43)",
            .scryptCostOutOfRange(logN: 16, blockSize: 32, lanes: 1)),
        Case(
            "$7$zU..../....salt$\(tag43)",
            .scryptCostOutOfRange(logN: 63, blockSize: 32, lanes: 1)),
        Case(
            "$7$.6..../....salt$\(tag43)",
            .scryptCostOutOfRange(logN: 0, blockSize: 8, lanes: 1)),
        Case(
            "$7$2...../....salt$\(tag43)",
            .scryptCostOutOfRange(logN: 4, blockSize: 0, lanes: 1)),
        Case(
            "$7$2zzzzz/....salt$\(tag43)",
            .scryptCostOutOfRange(logN: 4, blockSize: 1_073_741_823, lanes: 1)),
        Case(
            "$7$26.........salt$\(tag43)",
            .scryptCostOutOfRange(logN: 4, blockSize: 8, lanes: 0)),
        Case(
            "$7$26....zzzzzsalt$\(tag43)",
            .scryptCostOutOfRange(logN: 4, blockSize: 8, lanes: 1_073_741_823)),
        Case(
            "$argon2id$v=19$m=1048577,t=2,p=1$c29tZXNhbHQ$\(tag43)",
            .memoryOutOfRange(kibibytes: 1_048_577)),
    ])
    func `a hash that would cost too much is refused`(_ given: Case) {
        let duration = ContinuousClock().measure {
            #expect(throws: given.expected) { _ = try StoredHash(parsing: given.text) }
        }
        #expect(duration < .milliseconds(500))
    }

    @Test(arguments: [
        "", "$", "$$", "$$$", "password", "$2b$", "$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/",
        "$2$04$\(bcryptTail)", "$2x$04$\(bcryptTail)", "$gy$j9T$salt$\(tag43)",
        "$sha1$40000$salt$\(tag43)", "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$\(tag43)",
        "{SSHA}aaaaaaaaaaaaaaaaaaaa", "x$6$salt$\(tag86)", "$bcrypt-sha256$v=2,t=2b,r=12$a$b",
        "pbkdf2_sha256$600000$salt$aaaa", "_J9..saltaaaaaaaaaaa", "*0", "!", "x",
    ])
    func `a text of no known format is refused`(_ text: String) {
        let known = text.hasPrefix("$2b$")
        #expect(throws: known ? PasswordHashingError.malformedHash : .unknownFormat) {
            _ = try StoredHash(parsing: text)
        }
    }

    @Test func `PBKDF2 with SHA-1 is refused by name`() {
        #expect(throws: PasswordHashingError.digestTooWeak) {
            _ = try StoredHash(parsing: "$pbkdf2$131000$c2FsdA$y.EnzGb/LzKoBBP6HMbtOhe5aQ4")
        }
    }

    @Test(arguments: [
        "$2b$4$\(bcryptTail)", "$2b$004$\(bcryptTail)", "$2b$+4$\(bcryptTail)",
        "$2b$00$\(bcryptTail)", "$2b$04$\(bcryptTail)a", "$2b$04$\(bcryptTail.dropLast())",
        "$2b$04$\(bcryptTail.dropLast())+", "$2b$04$\(bcryptTail)$", "$2b$04",
        "$5$salt", "$5$$\(tag43)", "$5$rounds=1000$$\(tag43)", "$5$salt$\(tag43)a",
        "$5$salt$\(tag86)", "$6$salt$\(tag43)", "$5$rounds=01000$salt$\(tag43)",
        "$5$rounds=$salt$\(tag43)", "$5$rounds=-1000$salt$\(tag43)",
        "$5$rounds=18446744073709551616$salt$\(tag43)", "$5$Rounds=1000$salt$\(tag43)",
        "$5$saltsaltsaltsalts$\(tag43)", "$5$sa:t$\(tag43)", "$5$rounds=1000$a$b$\(tag43)",
        "$5$sa t$\(tag43)", "$5$salt$\(tag43)\n", "$5$s\u{e4}lt$\(tag43)", "$5$s\u{0}lt$\(tag43)",
        "$7$26..../...$\(tag43)", "$7$26..../....salt$\(tag43)a", "$7$26..../....sa+t$\(tag43)",
        "$7$26..../....\(tag86)a$\(tag43)", "$7$26..../....salt$\(tag43)$",
        "$y$j9T$$\(tag43)", "$y$j9T$\(tag86)a$\(tag43)", "$y$j9T$salt$\(tag86)", "$y$j9T$salt",
        "$scrypt$ln=4,r=8$c2FsdA$\(base64Of32)", "$scrypt$r=8,ln=4,p=1$c2FsdA$\(base64Of32)",
        "$scrypt$ln=04,r=8,p=1$c2FsdA$\(base64Of32)", "$scrypt$ln=4,r=8,p=1$$\(base64Of32)",
        "$scrypt$ln=0,r=8,p=1$c2FsdA$\(base64Of32)", "$scrypt$ln=4,r=8,p=1,$c2FsdA$\(base64Of32)",
        "$scrypt$ln=4,r=8,p=1$c2FsdA==$\(base64Of32)", "$scrypt$ln=4,r=8,p=1$c2FsdA$AAAA",
        "$scrypt$ln=4,r=8,p=1$c2FsdA$\(base64Of32.dropLast())B",
        "$scrypt$ln=4,r=8,p=1$c2FsdAAAA$\(base64Of32)", "$scrypt$ln=4,r=8,p=1$c2FsdA",
        "$scrypt$ln=4,r=8,p=1$c2Fsd.$\(base64Of32)",
        "$pbkdf2-sha256$0$c2FsdA$\(base64Of32)", "$pbkdf2-sha256$c2FsdA$\(base64Of32)",
        "$pbkdf2-sha256$1000$c2Fsd+$\(base64Of32)", "$pbkdf2-sha512$1000$c2FsdA$\(base64Of32)",
        "$pbkdf2-sha256$1000$c2FsdB$\(base64Of32)", "$pbkdf2-sha256$1e3$c2FsdA$\(base64Of32)",
        "$argon2id$", "$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHQ$\(tag43)",
        "$pbkdf2-sha256$1000$" + String(repeating: "A", count: 1_024) + "$\(base64Of32)",
        "$6$" + String(repeating: "$", count: 100_000),
    ])
    func `a hash that is not of its format's form is refused`(_ text: String) {
        #expect(throws: PasswordHashingError.malformedHash) { _ = try StoredHash(parsing: text) }
    }

    @Test(arguments: [
        "$2b$14$\(bcryptTail)", "$5$rounds=1000000$salt$\(tag43)",
        "$6$rounds=1000000$s$\(tag86)", "$y$jCT$salt$\(tag43)", "$7$DU..../....salt$\(tag43)",
        "$scrypt$ln=17,r=8,p=1$c2FsdA$\(base64Of32)",
        "$scrypt$ln=13,r=8,p=10$c2FsdA$\(base64Of32)",
        "$pbkdf2-sha256$2000000$c2FsdA$\(base64Of32)",
    ])
    func `a hash at the bounds of its cost is read`(_ text: String) throws {
        _ = try StoredHash(parsing: text)
    }

    private static func scrypt(_ logN: Int, _ blockSize: Int, _ lanes: Int) -> Case {
        Case(
            "$scrypt$ln=\(logN),r=\(blockSize),p=\(lanes)$c2FsdA$\(base64Of32)",
            .scryptCostOutOfRange(logN: logN, blockSize: blockSize, lanes: lanes))
    }
}
