/// What a session is told once it is open, as `SET name = value` says it. `SET` takes no
/// parameters, so there are no values but numbers and constants.
package enum SessionSetting: Sendable {
    /// A setting with a number, in the unit that it has without one.
    case number(StaticString, Int)
    /// A setting with a word.
    case word(StaticString, StaticString)

    /// The command.
    package var sql: String {
        switch self {
        case .number(let name, let value): "SET \(name) = \(value)"
        case .word(let name, let value): "SET \(name) = \(value)"
        }
    }
}
