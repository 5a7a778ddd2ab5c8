import Testing
import Users

@Suite("Search texts and terms")
struct SearchTextTests {
    @Test func `a text is the folded name, then the folded address`() throws {
        let text = SearchText(
            displayName: try DisplayName(parsing: "Zoë ÅNGSTRÖM"),
            email: try EmailAddress(parsing: "Zoë@Bücher.Example"))
        #expect(text.rawValue == "zoe angstrom\nzoe@bucher.example")
    }

    @Test func `the longest name and address fit the column`() throws {
        let name = String(repeating: "𐐀", count: 100)
        let email =
            String(repeating: "ß", count: 32) + "@"
            + String(repeating: "a.", count: 93) + "de"
        let text = SearchText(
            displayName: try DisplayName(parsing: name), email: try EmailAddress(parsing: email))
        #expect(text.rawValue.utf8.count <= 2_048)
    }

    @Test(arguments: [
        ("ada", "ada", false), ("  Ada ", "ada", false), ("É.C", "e.c", false),
        ("a%_\\", "a%_\\", false), ("ß!", "ss!", false),
        ("李", "李", true), ("a李", "a李", true), ("李小明", "李小明", false), ("か", "か", true),
        ("ｶ", "ｶ", true), ("한", "한", true), ("𠀀", "𠀀", true),
    ])
    func `a term is folded`(_ text: String, _ folded: String, _ isPrefix: Bool) throws {
        let term = try SearchTerm(parsing: text)
        #expect(term.folded == folded)
        #expect(term.isPrefix == isPrefix)
    }

    @Test(arguments: [
        ("", FaultCode.tooShort), ("  ", .tooShort), ("ab", .tooShort), ("é", .tooShort),
        ("🦊", .tooShort), ("a\nb", .invalidTerm), ("a\0bc", .invalidTerm),
        ("abc\u{202E}", .invalidTerm), ("\u{FEFF}abc", .invalidTerm),
        (String(repeating: "a", count: 255), .tooLong),
    ])
    func `what is no term is refused`(_ text: String, _ code: FaultCode) {
        #expect { try SearchTerm(parsing: text) } throws: { error in
            (error as? InvalidValue)?.code == code
        }
    }

    @Test func `a term may be as long as an address`() throws {
        let term = try SearchTerm(parsing: String(repeating: "a", count: 254))
        #expect(term.folded.utf8.count == 254)
    }
}
