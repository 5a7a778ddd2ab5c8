import Ambient
import Testing
import Users

@Suite("Names, tags and ids")
struct TextValueTests {
    @Test(arguments: [
        ("Ada Lovelace", "Ada Lovelace"), ("  Ada\t", "Ada"), ("A", "A"), ("李小龍", "李小龍"),
        ("Jose\u{301}", "Jos\u{E9}"), ("O’Neill-Müller, Jr.", "O’Neill-Müller, Jr."),
        ("عمر", "عمر"), ("שרה Cohen", "שרה Cohen"), ("می\u{200C}خواهم", "می\u{200C}خواهم"),
        ("👩\u{200D}🚀", "👩\u{200D}🚀"), ("❤\u{FE0F}", "❤\u{FE0F}"), ("🇩🇪", "🇩🇪"),
        ("葛\u{E0100}", "葛\u{E0100}"), ("<script>", "<script>"), ("a\u{A0}b", "a\u{A0}b"),
        ("x\u{338}", "x\u{338}"), ("\u{1112}\u{1161}\u{11AB}", "\u{D55C}"),
        (String(repeating: "n", count: 100), String(repeating: "n", count: 100)),
        (String(repeating: "e\u{301}", count: 100), String(repeating: "\u{E9}", count: 100)),
        (String(repeating: " ", count: 5_000) + "x", "x"),
    ])
    func `a display name is trimmed and composed`(_ text: String, _ expected: String) throws {
        let name = try DisplayName(parsing: text)
        #expect(Array(name.rawValue.unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test(
        arguments: [
            ("", .tooShort), (" \t\n\u{3000}", .tooShort),
            (String(repeating: "n", count: 101), .tooLong),
            (String(repeating: "😀", count: 101), .tooLong),
            (String(repeating: "\u{316}\u{301}", count: 300_000), .tooLong),
            ("a\0b", .invalidDisplayName), ("a\nb", .invalidDisplayName),
            ("a\u{1B}[31m", .invalidDisplayName),
            ("a\u{7F}", .invalidDisplayName), ("a\u{9B}b", .invalidDisplayName),
            ("a\u{2028}b", .invalidDisplayName), ("a\u{2029}b", .invalidDisplayName),
            ("\u{202E}nimda", .invalidDisplayName), ("a\u{202A}b\u{202C}", .invalidDisplayName),
            ("\u{2066}a\u{2069}", .invalidDisplayName), ("a\u{200E}", .invalidDisplayName),
            ("a\u{200F}b", .invalidDisplayName), ("a\u{61C}b", .invalidDisplayName),
            ("a\u{200B}b", .invalidDisplayName), ("a\u{2060}b", .invalidDisplayName),
            ("\u{FEFF}a", .invalidDisplayName), ("a\u{AD}b", .invalidDisplayName),
            ("a\u{34F}b", .invalidDisplayName), ("\u{3164}", .invalidDisplayName),
            ("a\u{FFA0}", .invalidDisplayName), ("\u{2800}\u{2800}", .invalidDisplayName),
            ("\u{301}", .invalidDisplayName), (" \u{301}ada", .invalidDisplayName),
            ("\u{FE0F}", .invalidDisplayName), ("\u{200D}a", .invalidDisplayName),
            ("a\u{200D}", .invalidDisplayName), ("a\u{200D}\u{200D}b", .invalidDisplayName),
            ("a \u{200C}b", .invalidDisplayName), ("a\u{FFFE}", .invalidDisplayName),
            ("a\u{10FFFF}", .invalidDisplayName), ("a\u{E0061}", .invalidDisplayName),
            ("a\u{FFF9}b", .invalidDisplayName),
        ] as [(String, FaultCode)])
    func `a display name that hides something is refused`(_ text: String, _ code: FaultCode) {
        #expect(
            parse(text, as: DisplayName.self) == .fault(code))
    }

    @Test(arguments: [
        ("en", "en"), ("EN-gb", "en-GB"), ("zh-hant-tw", "zh-Hant-TW"),
        ("MN-cYRL-mn", "mn-Cyrl-MN"),
        ("de-1996", "de-1996"), ("sl-rozaj-biske-1994", "sl-rozaj-biske-1994"),
        ("es-419", "es-419"), ("zh-cmn-Hans-CN", "zh-cmn-Hans-CN"), ("zh-yue-HK", "zh-yue-HK"),
        ("de-CH-x-PHONEBK", "de-CH-x-phonebk"), ("en-CA-x-CA", "en-CA-x-ca"),
        ("az-Latn-x-LATN", "az-Latn-x-latn"), ("en-a-MYEXT-b-another", "en-a-myext-b-another"),
        ("de-DE-u-co-PHONEBK", "de-DE-u-co-phonebk"), ("X-Whatever", "x-whatever"),
        ("i-KLINGON", "i-klingon"), ("SGN-be-fr", "sgn-BE-FR"), ("en-gb-OED", "en-GB-oed"),
        ("art-LOJBAN", "art-lojban"), ("zh-min-NAN", "zh-min-nan"), ("qaa-Qaaa-QM", "qaa-Qaaa-QM"),
        ("tlh", "tlh"), ("abcd", "abcd"), ("abcdefgh", "abcdefgh"), ("sr-Latn-RS", "sr-Latn-RS"),
        ("hy-Latn-IT-arevela", "hy-Latn-IT-arevela"), ("en-1abc", "en-1abc"),
    ])
    func `a language tag is put in canonical case`(_ text: String, _ expected: String) throws {
        #expect(try LanguageTag(parsing: text).rawValue == expected)
    }

    @Test(arguments: [
        "", "-", "e", "en-", "-en", "en--GB", "en_GB", "en GB", " en", "en ", "1en", "en-a", "en-x",
        "x", "x-", "abcdefghi", "en-abcdefghi", "en-GB-US", "en-Latn-Cyrl", "zh-aaa-bbb-ccc-ddd",
        "en-u", "en-u-x-y", "i-unknown", "en-ab1", "de-419-DE", "a-DE", "ar-a-aaa-b", "ën", "en\0",
        "english-languages", "abcd-efg", "en-1ab",
    ])
    func `a malformed language tag is refused`(_ text: String) {
        #expect(parse(text, as: LanguageTag.self) == .fault(.invalidLocale))
    }

    @Test func `a language tag of more than 100 octets is refused`() throws {
        let tag = "en-x" + String(repeating: "-abcdefg", count: 12)
        #expect(try LanguageTag(parsing: tag).rawValue == tag)
        #expect(parse(tag + "-a", as: LanguageTag.self) == .fault(.tooLong))
    }

    @Test(arguments: [
        "Europe/London", "America/Argentina/ComodRivadavia", "Etc/GMT+12", "UTC", "Zulu",
        "Asia/Calcutta", "Asia/Kolkata", "America/Port-au-Prince", "Africa/Abidjan", "W-SU",
        "Pacific/Kanton", "EST5EDT",
    ])
    func `a zone or link of the database is a time zone`(_ text: String) throws {
        #expect(try TimeZoneName(parsing: text).rawValue == text)
    }

    @Test(arguments: [
        "", "europe/london", "Europe/London ", "Europe/Atlantis", "Europe", "Factory", "+01:00",
        "CEST", "posix/UTC", "../etc/passwd", "Europe/London\0", "Africa/Abidjan Africa/Accra",
    ])
    func `anything else is no time zone`(_ text: String) {
        #expect(parse(text, as: TimeZoneName.self) == .fault(.invalidTimeZone))
    }

    @Test(arguments: [
        "1", " padded ", "Ünï😀", "e\u{301}", String(repeating: "x", count: 255),
        String(repeating: "😀", count: 255),
    ])
    func `an external id is kept as given`(_ text: String) throws {
        let id = try ExternalID(parsing: text)
        #expect(Array(id.rawValue.unicodeScalars) == Array(text.unicodeScalars))
    }

    @Test(
        arguments: [
            ("", .tooShort), (String(repeating: "x", count: 256), .tooLong),
            ("a\0", .invalidExternalID), ("a\nb", .invalidExternalID),
            ("\u{9F}", .invalidExternalID),
        ] as [(String, FaultCode)])
    func `an external id that cannot be is refused`(_ text: String, _ code: FaultCode) {
        #expect(
            parse(text, as: ExternalID.self) == .fault(code))
    }

    @Test func `a user's id is a UUID in either case`() throws {
        let uuid = UUID(high: 0x0123_4567_89AB_CDEF, low: 1)
        #expect(try UserID(parsing: "01234567-89AB-cdef-0000-000000000001") == UserID(uuid))
        #expect(
            parse("me", as: UserID.self) == .fault(.invalidID))
    }

    @Test func `a status is active or disabled, in lower case`() throws {
        #expect(try UserStatus(parsing: "active") == .active)
        #expect(try UserStatus(parsing: "disabled") == .disabled)
        for text in ["", "Active", "locked", "active "] {
            #expect(parse(text, as: UserStatus.self) == .fault(.invalidStatus))
        }
    }
}
