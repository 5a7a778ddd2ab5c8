/// A language tag (BCP 47): well-formed by RFC 5646 §2.2.9, in its canonical case.
///
/// Well-formed is about syntax alone: no registry is asked whether the subtags exist.
package struct LanguageTag: Hashable, Sendable {
    /// The longest tag in octets; RFC 5646 §4.4.1 asks for 35 at least.
    package static let octetCountMax = 100

    /// The tag: `en-GB`, `zh-Hant-TW`.
    package let rawValue: String

    /// Takes a tag that this service stored, unchecked.
    package init(trusted rawValue: String) {
        self.rawValue = rawValue
    }
}

extension LanguageTag: ParsableFromText {
    /// Checks a tag and puts it in canonical case.
    package init(parsing text: String) throws(InvalidValue) {
        guard text.utf8.count <= Self.octetCountMax else {
            throw InvalidValue(.tooLong, "A language tag has at most 100 characters.")
        }
        let isPlain = text.utf8.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "-") }
        let lowerCase = text.lowercased()
        let subtags = lowerCase.utf8.split(
            separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard isPlain, Self.irregular.contains(lowerCase) || Self.isWellFormed(subtags) else {
            throw InvalidValue(.invalidLocale, "A locale is a BCP 47 language tag such as en-GB.")
        }
        self.init(trusted: Self.inCanonicalCase(subtags))
    }

    /// The grandfathered tags that the syntax does not describe (RFC 5646 §2.1, `irregular`).
    private static let irregular: Set<String> = [
        "en-gb-oed", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak", "i-klingon", "i-lux",
        "i-mingo", "i-navajo", "i-pwn", "i-tao", "i-tay", "i-tsu", "sgn-be-fr", "sgn-be-nl",
        "sgn-ch-de",
    ]

    /// Lower case, but two letters upper case and four in title case, unless they come first or
    /// anywhere after a single letter or digit (RFC 5646 §2.1.1).
    private static func inCanonicalCase(_ subtags: [Substring.UTF8View]) -> String {
        var hasSingleton = false
        let cased = subtags.enumerated().map { index, octets in
            let subtag = Substring(octets)
            hasSingleton = hasSingleton || octets.count == 1
            guard index > 0, !hasSingleton else { return String(subtag) }
            switch octets.count {
            case 2: return subtag.uppercased()
            case 4: return subtag.prefix(1).uppercased() + subtag.dropFirst()
            default: return String(subtag)
            }
        }
        return cased.joined(separator: "-")
    }
}

extension LanguageTag {
    /// Whether lower-case subtags are a `langtag` or `privateuse` of RFC 5646 §2.1.
    private static func isWellFormed(_ subtags: [Substring.UTF8View]) -> Bool {
        guard subtags.allSatisfy({ (1...8).contains($0.count) }) else { return false }
        var rest = subtags[...]
        if !takePrivateUse(&rest) {
            guard takeLanguage(&rest) else { return false }
            _ = take(&rest) { $0.count == 4 && $0.areLetters }
            _ = take(&rest) { $0.count == 2 && $0.areLetters || $0.count == 3 && $0.areDigits }
            while take(&rest, where: isVariant) {}
            while takeExtension(&rest) {}
            _ = takePrivateUse(&rest)
        }
        return rest.isEmpty
    }

    /// Takes the first subtag if `isFitting` says so.
    private static func take(
        _ rest: inout ArraySlice<Substring.UTF8View>, where isFitting: (Substring.UTF8View) -> Bool
    ) -> Bool {
        guard let first = rest.first, isFitting(first) else { return false }
        rest.removeFirst()
        return true
    }

    /// Takes a language: two or three letters with up to three of three each, or four to eight.
    private static func takeLanguage(_ rest: inout ArraySlice<Substring.UTF8View>) -> Bool {
        if take(&rest, where: { (4...8).contains($0.count) && $0.areLetters }) { return true }
        guard take(&rest, where: { (2...3).contains($0.count) && $0.areLetters }) else {
            return false
        }
        for _ in 0..<3 { _ = take(&rest) { $0.count == 3 && $0.areLetters } }
        return true
    }

    private static func isVariant(_ subtag: Substring.UTF8View) -> Bool {
        subtag.count >= 5 || subtag.count == 4 && subtag.prefix(1).areDigits
    }

    /// Takes a letter or digit other than `x` and the subtags of that extension, at least one.
    private static func takeExtension(_ rest: inout ArraySlice<Substring.UTF8View>) -> Bool {
        guard let first = rest.first, first.count == 1, first.first != UInt8(ascii: "x"),
            let second = rest.dropFirst().first, second.count >= 2
        else { return false }
        rest.removeFirst()
        while take(&rest, where: { $0.count >= 2 }) {}
        return true
    }

    /// Takes an `x` and all that follows, at least one subtag.
    private static func takePrivateUse(_ rest: inout ArraySlice<Substring.UTF8View>) -> Bool {
        guard rest.count >= 2, rest.first?.elementsEqual("x".utf8) == true else { return false }
        rest.removeAll()
        return true
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    fileprivate var isAlphanumeric: Bool { isLetter || isDigit }
}

extension Substring.UTF8View {
    fileprivate var areLetters: Bool { allSatisfy(\.isLetter) }
    fileprivate var areDigits: Bool { allSatisfy(\.isDigit) }
}
