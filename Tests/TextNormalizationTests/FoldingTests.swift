import Testing
import TextNormalization

@Suite("Texts as a search sees them")
struct FoldingTests {
    @Test(arguments: [
        ("", ""), ("Ada", "ada"), ("ÅNGSTRÖM", "angstrom"), ("e\u{301}", "e"),
        ("Straße", "strasse"), ("ẞ", "ss"), ("ﬁ", "fi"), ("Ærøskøbing", "aeroskobing"),
        ("Łódź", "lodz"), ("Iğdır", "igdir"), ("İstanbul", "istanbul"), ("Ðorđe Þór", "dorde thor"),
        // Greek, with a final sigma, and Cyrillic.
        ("Ὀδυσσεύς", "οδυσσευσ"), ("ЁЛКИ й", "елки и"), ("ΐ", "ι"), ("ᾳ", "α"),
        // Marks that are no accents: kana, Devanagari, Hebrew, Thai, Hangul.
        ("が", "が"), ("か\u{3099}", "が"), ("हिन्दी", "हिन्दी"), ("שָׁלוֹם", "שָׁלוֹם"),
        ("กั", "กั"), ("각", "각"), ("\u{1112}\u{1161}", "하"), ("李", "李"),
        ("a\0B", "a\0b"), ("É\0", "e\0"), ("🦊", "🦊"),
    ])
    func `case and accents make no difference`(_ text: String, _ expected: String) {
        let folded = UnicodeText.searchFolded(text)
        #expect(Array(folded.unicodeScalars) == Array(expected.unicodeScalars))
        #expect(UnicodeText.searchFolded(folded) == folded)
    }

    @Test func `no code point of a text in NFC becomes more than four octets`() {
        for value in UInt32(1)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = UnicodeText.nfc(String(scalar))
            let octetCount = UnicodeText.searchFolded(text).utf8.count
            guard octetCount > 4 * text.unicodeScalars.count else { continue }
            Issue.record("U+\(String(value, radix: 16)) becomes \(octetCount) octets")
        }
    }
}
