import TextNormalization

/// What a search looks at in a user: the display name and the address, folded. It begins with the
/// name, so users in the order of their search texts are in the order of their names.
package struct SearchText: Hashable, Sendable {
    /// What stands between the two. Neither has it, nor has a search term, so that none is found
    /// across both.
    package static let separator = "\n"

    /// The folded display name.
    package let name: String
    /// The folded address as typed.
    package let email: String

    /// Folds what a search looks at.
    package init(displayName: DisplayName, email: EmailAddress) {
        name = Self.folded(displayName)
        self.email = Self.folded(email)
    }

    /// The text as it is kept.
    package var rawValue: String { name + Self.separator + email }

    /// The part of the text that a display name makes.
    package static func folded(_ name: DisplayName) -> String {
        UnicodeText.searchFolded(name.rawValue)
    }

    /// The part of the text that an address makes.
    package static func folded(_ email: EmailAddress) -> String {
        UnicodeText.searchFolded(email.rawValue)
    }
}

/// What is looked for, anywhere in the display name or the address, without regard to case and
/// accents.
package struct SearchTerm: Hashable, Sendable {
    /// The longest term in code points: no address has more octets.
    package static let codePointCountMax = 254
    /// The shortest term that is found anywhere, in code points: a trigram's length.
    package static let substringCodePointCountMin = 3

    /// The term as it was typed, but trimmed and in NFC.
    package let rawValue: String
    /// The term as it stands in a ``SearchText``.
    package let folded: String

    /// Whether only names that begin with it are found: one or two characters of a script that
    /// writes much in so few.
    package var isPrefix: Bool {
        folded.unicodeScalars.count < Self.substringCodePointCountMin
    }
}

extension SearchTerm: ParsableFromText {
    /// Trims, composes (NFC) and folds a term.
    ///
    /// Refused are terms with code points that neither a name nor an address has, and those that
    /// are shorter than three code points once folded, unless one of them is Han, Kana or Hangul.
    package init(parsing text: String) throws(InvalidValue) {
        guard let term = text.trimmedNFC(codePointCountMax: Self.codePointCountMax) else {
            throw InvalidValue(.tooLong, "A search term has at most 254 code points.")
        }
        guard term.unicodeScalars.allSatisfy({ $0.isReadable || $0.isJoiner }) else {
            throw InvalidValue(
                .invalidTerm, "A search term has no control, format or invisible code points.")
        }
        rawValue = term
        folded = UnicodeText.searchFolded(term)
        let scalars = folded.unicodeScalars
        guard
            scalars.count >= Self.substringCodePointCountMin
                || scalars.contains(where: \.isEastAsian)
        else {
            throw InvalidValue(
                .tooShort,
                "A search term has at least three characters, or one or two with a Han, "
                    + "Kana or Hangul among them.")
        }
    }
}

extension Unicode.Scalar {
    /// Whether this is a letter of the Han, Hiragana, Katakana or Hangul scripts (Unicode Standard
    /// Annex #24), by the blocks that have them.
    fileprivate var isEastAsian: Bool {
        switch value {
        case 0x1100...0x11FF, 0x2E80...0x2FDF, 0x3005...0x3007, 0x3040...0x30FF, 0x3130...0x318F,
            0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA960...0xA97F, 0xAC00...0xD7FF,
            0xF900...0xFAFF, 0xFF66...0xFFDC, 0x1B000...0x1B16F, 0x20000...0x3FFFF:
            true
        default: false
        }
    }
}
