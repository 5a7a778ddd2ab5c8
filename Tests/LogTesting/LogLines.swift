package import Logging
import Synchronization

/// What was logged, in order: each message with its metadata's values, `message: cause`.
package final class LogLines: Sendable {
    private let list = Mutex<[String]>([])

    /// Makes an empty list.
    package init() {}

    /// The lines so far.
    package var all: [String] { list.withLock { $0 } }

    /// A logger whose lines come here, of whatever level.
    package var logger: Logger { Logger(label: "test") { [self] _ in LogKeeper(lines: self) } }

    fileprivate func append(_ line: String) { list.withLock { $0.append(line) } }
}

private struct LogKeeper: LogHandler {
    let lines: LogLines
    var logLevel = Logger.Level.trace
    var metadata = Logger.Metadata()

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let values =
            event.metadata.map { $0.sorted { $0.key < $1.key }.map { "\($0.value)" } } ?? []
        lines.append((["\(event.message)"] + values).joined(separator: ": "))
    }
}
