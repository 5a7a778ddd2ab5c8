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

    /// A scheme, a host and perhaps a port, which is not the scheme's own, as the ASCII
    /// serialization has them.
    private static func isOrigin(_ text: String) -> Bool {
        guard
            let match = text.wholeMatch(
                of: /(https?):\/\/([a-z0-9.-]+|\[[0-9a-f:.]+\])(:([0-9]+))?/)
        else { return false }
        guard let port = match.4 else { return true }
        let standard = match.1 == "http" ? "80" : "443"
        return port != standard && UInt16(port).map { "\($0)" == port } == true
    }
}
