/// A person's name as others see it: 1 to 100 code points after trimming, in NFC.
package struct DisplayName: Hashable, Sendable {
    /// The longest name in code points (docs/api.md).
    package static let codePointCountMax = 100

    /// The name.
    package let rawValue: String

    /// Takes a name that this service stored, unchecked.
    package init(trusted rawValue: String) {
        self.rawValue = rawValue
    }
}

extension DisplayName: ParsableFromText {
    /// Trims, composes (NFC) and checks a name.
    ///
    /// Refused are controls, line and paragraph separators, noncharacters, the formats that turn
    /// the direction of text (U+061C, U+200E, U+200F, U+202A...U+202E, U+2066...U+2069) and all
    /// others (U+00AD, U+200B, U+2060, U+FEFF, the tags from U+E0001 on), fillers and other code
    /// points that show nothing, a mark with no letter before it, and a name in which nothing is
    /// visible. The joiners U+200C and U+200D are allowed between two code points that show.
    package init(parsing text: String) throws(InvalidValue) {
        guard let name = text.trimmedNFC(codePointCountMax: Self.codePointCountMax) else {
            throw InvalidValue(.tooLong, "A display name has at most 100 code points.")
        }
        guard let first = name.unicodeScalars.first else {
            throw InvalidValue(.tooShort, "A display name has at least one code point.")
        }
        guard !first.isMark, name.unicodeScalars.contains(where: \.isVisible),
            Self.isReadable(name)
        else {
            throw InvalidValue(
                .invalidDisplayName,
                "A display name has no control, format or invisible code points.")
        }
        self.init(trusted: name)
    }

    private static func isReadable(_ name: String) -> Bool {
        var previous: Unicode.Scalar?
        for scalar in name.unicodeScalars {
            guard scalar.isReadable || scalar.isJoiner && mayBeJoined(previous) else {
                return false
            }
            previous = scalar
        }
        return previous?.isJoiner != true
    }

    private static func mayBeJoined(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { !$0.isJoiner && !$0.properties.isWhitespace } ?? false
    }
}
