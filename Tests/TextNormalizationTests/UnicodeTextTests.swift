import TextNormalization
import Testing

/// Texts compare equal in Swift when they are canonically equivalent; these tests are about what
/// makes them differ, so they compare code points.
private func codePoints(_ text: String) -> [Unicode.Scalar] {
    Array(text.unicodeScalars)
}

@Suite("Normal forms, UAX #15, and case folding")
struct UnicodeTextTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let expected: String
        init(_ testDescription: String, _ text: String, _ expected: String) {
            self.testDescription = testDescription
            self.text = text
            self.expected = expected
        }
    }

    @Test(
        "NFC",
        arguments: [
            Case("empty", "", ""), Case("ASCII", "Ada!", "Ada!"), Case("a zero", "a\0b", "a\0b"),
            Case("a letter and an accent", "e\u{301}", "\u{E9}"),
            Case("a zero among other letters", "e\u{301}\0e\u{301}", "\u{E9}\0\u{E9}"),
            Case("accents out of order", "a\u{307}\u{323}", "\u{1EA1}\u{307}"),
            Case("already composed", "\u{E9}", "\u{E9}"),
            Case("Hangul", "\u{1112}\u{1161}", "\u{D558}"),
            Case("the Ångström sign", "\u{212B}", "\u{C5}"),
            Case("a ligature stays", "\u{FB01}", "\u{FB01}"),
            Case("full width stays", "\u{FF21}", "\u{FF21}"),
            Case("a lone accent", "\u{301}", "\u{301}"),
            Case("an emoji sequence", "👩‍🚀", "👩‍🚀"),
            Case("an unassigned code point", "\u{378}", "\u{378}"),
        ])
    func composed(_ given: Case) {
        #expect(codePoints(UnicodeText.nfc(given.text)) == codePoints(given.expected))
    }

    @Test(
        "NFKC",
        arguments: [
            Case("empty", "", ""), Case("ASCII", "Ada!", "Ada!"),
            Case("a letter and an accent", "e\u{301}", "\u{E9}"),
            Case("a ligature", "\u{FB01}", "fi"), Case("full width", "\u{FF21}\u{FF11}", "A1"),
            Case("a superscript", "x\u{B2}", "x2"), Case("a no-break space", "a\u{A0}b", "a b"),
            Case("the longest decomposition", "\u{FDFA}", "صلى الله عليه وسلم"),
        ])
    func compatibilityComposed(_ given: Case) {
        #expect(codePoints(UnicodeText.nfkc(given.text)) == codePoints(given.expected))
    }

    @Test(
        "case folding",
        arguments: [
            Case("empty", "", ""), Case("lower-case ASCII", "ada", "ada"),
            Case("upper-case ASCII", "ADA.Lovelace+X@[`{", "ada.lovelace+x@[`{"),
            Case("an umlaut", "BÜCHER", "bücher"), Case("sharp s", "Straße", "strasse"),
            Case("capital sharp s", "STRA\u{1E9E}E", "strasse"),
            Case("final sigma", "ΟΔΟΣ ς", "οδοσ σ"),
            Case("no Turkish exception", "I\u{130}ı", "ii\u{307}ı"),
            Case("the Kelvin sign", "\u{212A}", "k"),
            Case("composed afterwards", "E\u{301}", "\u{E9}"),
            Case("Cherokee", "\u{AB70}", "\u{13A0}"),
            Case("Deseret, beyond the BMP", "\u{10400}", "\u{10428}"),
            Case("a zero", "É\0É", "é\0é"),
        ])
    func caseFolded(_ given: Case) {
        #expect(codePoints(UnicodeText.caseFolded(given.text)) == codePoints(given.expected))
    }

    @Test func `a form of a form is the same form, for every assigned code point`() {
        for code in (0 as UInt32)...0x2FFFF {
            guard let scalar = Unicode.Scalar(code) else { continue }
            let text = "a\(scalar)"
            let nfc = UnicodeText.nfc(text)
            let nfkc = UnicodeText.nfkc(text)
            #expect(codePoints(UnicodeText.nfc(nfc)) == codePoints(nfc))
            #expect(codePoints(UnicodeText.nfkc(nfkc)) == codePoints(nfkc))
        }
    }
}
