import Logging

/// How grave a line is, by the names that Python's `logging` prints.
enum LogSeverity: String, CaseIterable, Sendable {
    case debug = "DEBUG"
    case info = "INFO"
    case warning = "WARNING"
    case error = "ERROR"
    case critical = "CRITICAL"

    /// The severity of swift-log's levels, which are two more.
    init(_ level: Logger.Level) {
        switch level {
        case .trace, .debug: self = .debug
        case .info, .notice: self = .info
        case .warning: self = .warning
        case .error: self = .error
        case .critical: self = .critical
        }
    }

    /// The severity of an answer: a 5xx is the service's own failure.
    init(ofStatus status: Int) { self = status >= 500 ? .error : .info }

    /// Letters of the longest name.
    static let nameLengthMax = 8

    /// The colour on a terminal: parameters of "select graphic rendition" (ECMA-48 §8.3.117).
    var colour: String {
        switch self {
        case .debug: "36"
        case .info: "32"
        case .warning: "33"
        case .error: "31"
        case .critical: "1;31"
        }
    }
}
