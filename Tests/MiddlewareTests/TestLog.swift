import Ambient
import Glibc
import JSONLogging
import Middleware

/// A log whose lines can be read: a sink that writes to a pipe.
final class TestLog: Sendable {
    /// The time of every line.
    static let time = Timestamp(microsecondsSince1970: 0)

    private let readEnd: CInt
    private let writeEnd: CInt
    private let sink: LogSink

    init() throws {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw NoPipe(code: errno) }
        (readEnd, writeEnd) = (ends[0], ends[1])
        sink = try LogSink(
            descriptor: writeEnd, style: LogStyle(format: .json), clock: .fixed(at: Self.time))
    }

    deinit {
        // The sink writes until it is closed, and the numbers will be those of other files.
        sink.close(within: .seconds(30))
        _ = close(readEnd)
        _ = close(writeEnd)
    }

    /// A log of all requests.
    func accessLog(tellsClients: Bool = false) -> AccessLog {
        AccessLog(sink: sink, policy: .all, tellsClients: tellsClients)
    }

    /// Ends the log and returns its lines, which must be few enough for a pipe to hold.
    func lines() -> [String] {
        sink.close(within: .seconds(30))
        _ = fcntl(readEnd, F_SETFL, O_NONBLOCK)
        var octets = [UInt8](repeating: 0, count: 64 * 1024)
        let count = read(readEnd, &octets, octets.count)
        return String(decoding: octets.prefix(max(0, count)), as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }

    private struct NoPipe: Error {
        let code: CInt
    }
}
