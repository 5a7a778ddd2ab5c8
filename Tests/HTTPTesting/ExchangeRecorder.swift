import Glibc
import JSON

/// Writes down what clients and a service say to each other, a JSON object a line, for programs
/// that hold it against the service's description.
package final class ExchangeRecorder: Sendable {
    /// Writes into the file that the variable `RECORD_EXCHANGES` names; nil if there is none.
    package static let shared: ExchangeRecorder? = getenv("RECORD_EXCHANGES").map {
        ExchangeRecorder(path: String(cString: $0))
    }

    private let descriptor: CInt

    private init(path: String) {
        // Each line is appended as a whole, whoever else writes; open(2).
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        precondition(descriptor >= 0, "\(path) cannot be written: errno \(errno).")
    }

    deinit { close(descriptor) }

    /// Writes a line.
    /// - Parameter request: What was sent since the last response, head and content; empty if one
    ///   more response came.
    func record(_ response: RawResponse, to request: [UInt8]) {
        let text = String(decoding: request, as: UTF8.self)
        let end = text.firstRange(of: "\r\n\r\n")
        let line: JSONValue = [
            "head": .string(String(text[..<(end?.lowerBound ?? text.endIndex)])),
            "content": .string(end.map { String(text[$0.upperBound...]) } ?? ""),
            "status": JSONValue(response.status),
            "fields": .array(response.fields.map { [.string($0.name), .string($0.value)] }),
            "body": .string(response.text),
        ]
        let octets = line.text + [UInt8(ascii: "\n")]
        let count = write(descriptor, octets, octets.count)
        precondition(count == octets.count, "An exchange was not written: errno \(errno).")
    }
}
