import HTTP
import JSON

/// What a collector has answered to an export.
struct CollectorResponse: Equatable, Sendable {
    /// The status.
    let status: Int
    /// How long to wait before anything is sent again, if it says so.
    let retryAfter: Duration?
    /// The content; empty if it is too large to be looked at.
    let body: [UInt8]
    /// Whether the connection may carry another request.
    let isReusable: Bool

    /// How many of the spans it has not taken, of a response that says that it took them
    /// (`ExportTraceServiceResponse.partial_success`).
    var rejectedCount: Int {
        guard case .object(let response) = try? JSONParser.parse(body.span),
            case .object(let success) = response["partialSuccess"]
        else { return 0 }
        // What has 64 bits is a string in this encoding, and readers take numbers too.
        return switch success["rejectedSpans"] {
        case .string(let digits): max(0, Int(digits) ?? 0)
        case .integer(let count): max(0, Int(count))
        default: 0
        }
    }
}
