import TextNormalization

extension String {
    /// The text without white space around it, in NFC; nil if that has more code points than
    /// `codePointCountMax`.
    ///
    /// A text that must be longer is not normalised: an octet count above 16 for each code point
    /// is enough to know, because a code point has at most 4 octets in UTF-8 and no composed code
    /// point takes the place of more than 4.
    func trimmedNFC(codePointCountMax: Int) -> String? {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        let trimmed = self[first...last]
        guard trimmed.utf8.count <= 16 * codePointCountMax else { return nil }
        let text = UnicodeText.nfc(String(trimmed))
        return text.unicodeScalars.count <= codePointCountMax ? text : nil
    }
}

extension Unicode.Scalar {
    /// Whether this is one of the two joiners, which Persian, the scripts of India and emoji need.
    var isJoiner: Bool {
        self == "\u{200C}" || self == "\u{200D}"
    }

    /// Whether this is a combining mark, which shows on the letter before it.
    var isMark: Bool {
        // U+0300 is the first of them.
        guard value >= 0x300 else { return false }
        return switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    /// Whether this is a control (Cc).
    var isControl: Bool {
        properties.generalCategory == .control
    }

    /// Whether this may stand in a text that people read.
    ///
    /// Not so: controls (Cc), line and paragraph separators (Zl, Zp), noncharacters, formats (Cf),
    /// which embed, override and isolate directions, mark language or are of no width, and other
    /// code points that show nothing (`Default_Ignorable_Code_Point`: fillers, U+034F). Variation
    /// selectors may, because they choose the form of an emoji or an ideograph.
    var isReadable: Bool {
        if isASCII { return value >= 0x20 && value < 0x7F }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        default:
            !properties.isNoncharacterCodePoint
                && (!properties.isDefaultIgnorableCodePoint || properties.isVariationSelector)
        }
    }

    /// Whether this shows by itself: neither a space nor a mark nor U+2800, the empty Braille cell.
    var isVisible: Bool {
        isReadable && !isMark && !properties.isWhitespace && self != "\u{2800}"
    }
}
