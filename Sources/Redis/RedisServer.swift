/// One life of a Redis server, from its start to its end: the `run_id` of `INFO server`.
///
/// A key that names it means nothing to a Redis that was started since, whatever snapshot that one
/// has read.
package struct RedisServer: Equatable, Sendable {
    /// Forty hexadecimal digits.
    package let runID: [UInt8]

    /// Reads what `INFO server` says; nil if it does not tell.
    init?(info: [UInt8]) {
        let name = Array("run_id:".utf8)
        let line = info.split { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }
            .first { $0.starts(with: name) }
        guard let runID = line?.dropFirst(name.count), runID.count == 40,
            runID.allSatisfy(Self.isDigit)
        else { return nil }
        self.runID = Array(runID)
    }

    private static func isDigit(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }
}
