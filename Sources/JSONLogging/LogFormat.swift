/// How a log line is laid out.
package enum LogFormat: String, CaseIterable, Sendable {
    /// One JSON object a line, for machines.
    case json
    /// Time, level, message and `key=value` pairs, for people.
    case text
}
