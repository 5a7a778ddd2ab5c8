import CUnistring

extension UnicodeText {
    /// The text as a search sees it: without distinctions of case, without the accents of Latin,
    /// Greek and Cyrillic letters, in NFC. A stroked or otherwise marked Latin letter is the plain
    /// one (`Ø` is `o`), and a ligature is its letters.
    ///
    /// Marks that are no accents stay: the vowels of Devanagari, the voicing of kana. A code point
    /// of a text in NFC becomes at most four octets.
    package static func searchFolded(_ text: String) -> String {
        guard !text.isASCII else { return text.lowercasedASCII }
        var plain = String.UnicodeScalarView()
        for scalar in nfd(text).unicodeScalars where !isAccent(scalar) { plain.append(scalar) }
        let folded = caseFolded(String(plain))
        guard folded.unicodeScalars.contains(where: { plainLetters[$0] != nil }) else {
            return folded
        }
        var letters = String.UnicodeScalarView()
        for scalar in folded.unicodeScalars {
            if let plain = plainLetters[scalar] {
                letters.append(contentsOf: plain.unicodeScalars)
            } else {
                letters.append(scalar)
            }
        }
        return String(letters)
    }

    /// The canonical decomposition, NFD (Unicode Standard Annex #15).
    private static func nfd(_ text: String) -> String {
        converted(text) { u8_normalize(cunistring_nfd(), $0, $1, nil, $2) }
    }

    /// Whether this is one of the Combining Diacritical Marks, into which accented letters of the
    /// Latin, Greek and Cyrillic scripts are decomposed.
    private static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
        (0x300...0x36F).contains(scalar.value)
    }

    /// Folded letters that have no decomposition, and what people without such a key type.
    private static let plainLetters: [Unicode.Scalar: String] = [
        "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h",
        "ŧ": "t", "ı": "i", "ŋ": "n",
    ]
}
