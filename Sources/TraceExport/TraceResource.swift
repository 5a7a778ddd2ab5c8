import HTTP

/// What all spans of a process have in common: which service it is (OpenTelemetry, "Resource").
package struct TraceResource: Equatable, Sendable {
    /// The values by their keys.
    package let attributes: [String: String]

    /// Makes a resource of a service.
    /// - Parameter more: What the operator says of it; the other parameters go before.
    package init(service: String, version: String, _ more: [String: String] = [:]) {
        var attributes = more
        attributes["service.name"] = service
        attributes["service.version"] = version
        self.attributes = attributes
    }

    /// Reads `key=value` pairs with commas between them, as `OTEL_RESOURCE_ATTRIBUTES` has them:
    /// in values, anything may be percent-encoded, and commas and equals signs must be. White space
    /// around keys and values is dropped, and of equal keys the last one counts. Nil if it is
    /// malformed (OpenTelemetry specification, "Resource SDK").
    package static func attributes(parsing text: String) -> [String: String]? {
        var attributes: [String: String] = [:]
        for member in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = member.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            let key = parts[0].trimmed
            guard !key.isEmpty, let value = String(percentEncoded: parts[1].trimmed) else {
                return nil
            }
            attributes[key] = value
        }
        return attributes
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(
            drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}

extension String {
    /// The text that percent-encoded octets stand for; nil if an escape is malformed, or if it is
    /// no UTF-8.
    fileprivate init?(percentEncoded text: String) {
        let octets = text.utf8Span.span
        guard let decoded = PercentEncoding.decode(octets, octets.indices, plusIsSpace: false)
        else { return nil }
        self.init(validating: decoded, as: UTF8.self)
    }
}
