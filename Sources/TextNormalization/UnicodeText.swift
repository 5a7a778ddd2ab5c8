import CUnistring
import Glibc

/// Normal forms and case folding of Unicode text.
///
/// Text that is ASCII and already in the form asked for comes back as it is, without allocation.
/// Lack of memory ends the process, as it does in Swift's own strings.
package enum UnicodeText {
    /// The canonical composition, NFC (Unicode Standard Annex #15).
    package static func nfc(_ text: String) -> String {
        text.isASCII ? text : converted(text) { u8_normalize(cunistring_nfc(), $0, $1, nil, $2) }
    }

    /// The compatibility composition, NFKC (Unicode Standard Annex #15): full-width letters,
    /// ligatures and the like become what they stand for.
    package static func nfkc(_ text: String) -> String {
        text.isASCII ? text : converted(text) { u8_normalize(cunistring_nfkc(), $0, $1, nil, $2) }
    }

    /// The text without distinctions of case: full case folding, then NFC (The Unicode Standard,
    /// §3.13). It does not depend on a language, and may be longer than `text`: `ß` is `ss`.
    package static func caseFolded(_ text: String) -> String {
        guard !text.isASCII else { return text.lowercasedASCII }
        return converted(text) { u8_casefold($0, $1, nil, cunistring_nfc(), nil, $2) }
    }

    /// What a function of libunistring makes of `text`; it allocates the result with `malloc`.
    static func converted(
        _ text: String,
        by convert: (
            _ octets: UnsafePointer<UInt8>?, _ count: Int, _ resultCount: UnsafeMutablePointer<Int>
        ) -> UnsafeMutablePointer<UInt8>?
    ) -> String {
        var count = 0
        let utf8 = text.utf8Span
        let result = utf8.span.withUnsafeBufferPointer { octets in
            convert(octets.baseAddress, octets.count, &count)
        }
        // The functions fail only for malformed UTF-8, which a String never is, and for lack of
        // memory (libunistring manual, "Normalization of strings" and "Case mappings of strings").
        guard let result else { preconditionFailure("No memory for \(text.utf8.count) octets.") }
        return AllocatedText(owning: result, freedBy: free).string(octetCount: count)
    }
}

extension String {
    /// Whether every code point is below U+0080.
    var isASCII: Bool {
        utf8.allSatisfy { $0 < 0x80 }
    }

    /// The text with A to Z in lower case; itself if there are none.
    var lowercasedASCII: String {
        let upperCase = UInt8(ascii: "A")...UInt8(ascii: "Z")
        guard utf8.contains(where: upperCase.contains) else { return self }
        let octets = utf8.map { upperCase.contains($0) ? $0 | 0x20 : $0 }
        return String(decoding: octets, as: UTF8.self)
    }
}
