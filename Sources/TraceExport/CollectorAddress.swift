/// Where spans are sent to: the base URL of a collector, as `OTEL_EXPORTER_OTLP_ENDPOINT` names it.
package struct CollectorAddress: Equatable, Sendable {
    /// What is appended to the base URL for spans (OTLP exporter specification, "Endpoint URLs for
    /// OTLP/HTTP").
    private static let signalPath = "v1/traces"

    /// A name or an address, without the brackets of IPv6.
    let host: String
    /// The port.
    let port: UInt16
    /// The host and the port as they were given: the value of `Host`.
    let authority: String
    /// The path that spans are posted to.
    let path: String

    /// What a base URL looks like, for an operator whose one is refused.
    package static let accepted = """
        an address such as http://localhost:4318, with http:// since spans are sent without TLS: \
        for https:// take a collector beside the service
        """

    /// Reads `http://host`, perhaps with a port and a path; nil for anything else, such as
    /// `https:`, user information, a query or a fragment.
    package init?(parsing url: String) {
        let form =
            #/
            (?i:http):\/\/
            (\[([0-9A-Fa-f:.]+)\]|[A-Za-z0-9._\-]+)
            (:([0-9]{1,5}))?
            (\/[!$&-;=@-Z_a-z~%]*)?
            /#
        guard let match = url.wholeMatch(of: form) else { return nil }
        guard let port = match.4.map({ UInt16($0) }) ?? 80, port > 0 else { return nil }
        host = String(match.2 ?? match.1)
        self.port = port
        authority = String(match.1) + (match.3.map(String.init) ?? "")
        let base = match.5.map(String.init) ?? "/"
        path = (base.hasSuffix("/") ? base : base + "/") + Self.signalPath
    }
}
