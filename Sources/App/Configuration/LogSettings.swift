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
    /// Which of those that went well.
    package var sampling: AccessSampling
    /// Whether the lines of requests tell the addresses of clients.
    package var tellsClients: Bool

    /// Reads `LOG_…` and `ACCESS_LOG`.
    package init(reading reader: inout ConfigurationReader) {
        level = reader.choice(.logLevel, default: .info)
        format = reader.choice(.logFormat, default: .json)
        accessLog = reader.choice(.accessLog, default: .all)
        sampling = AccessSampling(
            oneOf: reader.integer(.accessLogSample, default: 1, in: 1...1_000_000),
            slowFrom: reader.duration(
                .accessLogSlow, default: .seconds(1), in: .milliseconds(1)...(.seconds(3600))))
        tellsClients = reader.boolean(.logClientAddress, default: false)
    }
}
