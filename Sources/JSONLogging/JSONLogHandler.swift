package import Ambient
import JSON
package import Logging

/// swift-log's way to the sink: a line for each event that passes the level.
///
/// The keys of metadata follow the four that every line begins with, sorted; a key of metadata that
/// is one of those four gets an underscore after it, so that no object has a name twice.
package struct JSONLogHandler: LogHandler {
    /// The least severe level that is written.
    package var logLevel: Logger.Level
    /// What is added to every line of this handler.
    package var metadata: Logger.Metadata = [:]
    /// What is asked for metadata at every line.
    package var metadataProvider: Logger.MetadataProvider?

    private let sink: LogSink
    private let clock: WallClock

    /// Makes a handler that writes to `sink`, for `LoggingSystem.bootstrap` or
    /// `Logger(label:factory:)`.
    package init(
        sink: LogSink, level: Logger.Level, clock: WallClock,
        metadataProvider: Logger.MetadataProvider? = nil
    ) {
        self.sink = sink
        self.clock = clock
        logLevel = level
        self.metadataProvider = metadataProvider
    }

    /// What is added to every line of this handler under one key.
    package subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line. Of metadata under one key the event's counts, then the provider's.
    package func log(event: LogEvent) {
        var line = LogLine(
            sink.style, at: clock.now(), severity: LogSeverity(event.level),
            message: event.message.description)
        var metadata = self.metadata
        for more in [metadataProvider?.get(), event.metadata] {
            metadata.merge(more ?? [:]) { _, last in last }
        }
        if let error = event.error {
            metadata[LogKey.error.text] = .string(String(describing: error))
        }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line.add(key, JSONValue(value))
        }
        sink.append(line.octets)
    }
}

extension JSONValue {
    /// The value of a piece of metadata; the members of a dictionary are sorted.
    fileprivate init(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let text): self = .string(text)
        case .stringConvertible(let number as Int): self = .integer(Int64(number))
        case .stringConvertible(let flag as Bool): self = .bool(flag)
        case .stringConvertible(let value): self = .string(value.description)
        case .array(let values): self = .array(values.map(JSONValue.init))
        case .dictionary(let members):
            var object = JSONObject()
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                _ = object.append(key, JSONValue(value))
            }
            self = .object(object)
        }
    }
}

extension Logger.Metadata {
    /// Metadata under keys of the closed list, for swift-log's `metadata:` parameters.
    package static func keyed(_ values: KeyValuePairs<LogKey, Logger.MetadataValue>) -> Self {
        Self(values.map { ($0.key.text, $0.value) }) { _, last in last }
    }
}
