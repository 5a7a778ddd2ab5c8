import HTTPTypes

extension RequestFields {
    /// Whether the client takes content in gzip (RFC 9110 §12.5.3): Accept-Encoding names it, or
    /// `*` and not gzip, with a weight above 0. Without the field the answer is no, though the RFC
    /// would allow it: who does not ask for gzip may not know it.
    package var acceptGzip: Bool {
        guard let value = value(of: .acceptEncoding) else { return false }
        var anyCoding = false
        for member in value.split(separator: ",") {
            let parts = member.split(separator: ";").map {
                String($0.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }).lowercased()
            }
            let isRefused = parts.dropFirst().contains { $0.weight == 0 }
            switch parts.first {
            case "gzip", "x-gzip": return !isRefused
            case "*": anyCoding = !isRefused
            default: break
            }
        }
        return anyCoding
    }
}
