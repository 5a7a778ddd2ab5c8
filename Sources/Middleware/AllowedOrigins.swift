/// The origins whose pages may call the service from a browser (RFC 6454 §6.2): listed, or all.
package enum AllowedOrigins: Equatable, Sendable {
    /// Every origin. A page still needs a token of its own: browsers send none by themselves.
    case all
    /// These origins, as browsers write them: `https://app.example.com`. None if empty.
    case listed(Set<String>)

    /// Parses `*`, or origins with commas and spaces between them; nil for anything else, such as
    /// an origin with a path or in upper case, which no browser sends.
    package init?(parsing text: String) {
        if text == "*" {
            self = .all
            return
        }
        let origins = text.split { $0 == "," || $0 == " " }.map(String.init)
        guard origins.allSatisfy(Self.isOrigin) else { return nil }
        self = .listed(Set(origins))
    }

    /// Whether nobody is allowed, so that nothing needs to be said about it.
    package var isEmpty: Bool { self == .listed([]) }

    /// Whether a request with this `Origin` may be read by the page that sent it.
    func contains(_ origin: String) -> Bool {
        switch self {
        case .all: true
        case .listed(let origins): origins.contains(origin)
        }
    }

    /// A scheme, a host and perhaps a port, as the ASCII serialization has them.
    private static func isOrigin(_ text: String) -> Bool {
        guard let separator = text.firstRange(of: "://"),
            ["http", "https"].contains(text[..<separator.lowerBound])
        else { return false }
        let authority = text[separator.upperBound...]
        return !authority.isEmpty && !authority.hasPrefix(":") && !authority.hasSuffix(":")
            && authority.utf8.allSatisfy { octet in
                switch octet {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "["),
                    UInt8(ascii: "]"):
                    true
                default: false
                }
            }
    }
}
