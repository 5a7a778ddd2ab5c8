package import JSONLogging
package import Logging

/// What is logged, and how.
package struct LogSettings: Equatable, Sendable {
    /// The least severe level that is written.
    package var level: Logger.Level
    /// JSON lines for machines, or text for people.
    package var format: LogFormat
    /// Which requests get a line of their own.
    package var accessLog: AccessLogPolicy

    /// Reads `LOG_…` and `ACCESS_LOG`.
    package init(reading reader: inout ConfigurationReader) {
        level = reader.choice(.logLevel, default: .info)
        format = reader.choice(.logFormat, default: .json)
        accessLog = reader.choice(.accessLog, default: .all)
    }
}
