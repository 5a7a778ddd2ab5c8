import Logging
import Synchronization
import Testing

@testable import Postgres

@Suite("The log of outages")
struct OutageLogTests {
    @Test func `an outage that several pools notice is told once, and so is its end`() {
        let lines = Lines()
        let log = OutageLog(logger: Logger(label: "test") { _ in LineHandler(lines: lines) })
        for _ in 0..<2 {
            log.poolFailed(.connectionFailed("refused"))
            log.poolFailed(.connectionFailed("starting up"))
            log.poolRecovered()
            log.poolRecovered()
        }
        let outage = [
            "Database unreachable: no connection to the database: refused",
            "Database reachable again",
        ]
        #expect(lines.all == outage + outage)
    }
}

private final class Lines: Sendable {
    private let list = Mutex<[String]>([])

    var all: [String] { list.withLock { $0 } }

    func append(_ line: String) { list.withLock { $0.append(line) } }
}

/// Keeps each message with its cause.
private struct LineHandler: LogHandler {
    let lines: Lines
    var logLevel = Logger.Level.trace
    var metadata = Logger.Metadata()

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let cause = event.metadata?["cause"].map { ": \($0)" } ?? ""
        lines.append("\(event.message)\(cause)")
    }
}
