/// One thing that is wrong with the configuration. No case carries a secret.
package enum ConfigurationFault: Error, Hashable, Sendable {
    /// A variable's value has not the form it must have. `given` is nil for a secret.
    case malformed(name: String, given: String?, accepted: String)
    /// A variable that must be set is not. `isSecret` tells whether a file may hold it instead.
    case missing(name: String, accepted: String, isSecret: Bool)
    /// A secret is given both as `NAME` and as `NAME_FILE`.
    case givenTwice(name: String)
    /// The file that `name` (which ends in `_FILE`) points at cannot be read.
    case unreadableSecret(name: String, path: String, reason: FileReadError)
    /// The `.env` file cannot be read.
    case unreadableFile(path: String, reason: FileReadError)
    /// A line of the `.env` file cannot be read.
    case malformedLine(path: String, line: Int, reason: EnvironmentLineFault)
    /// A name stands twice in the `.env` file.
    case repeatedName(path: String, line: Int, name: String, firstLine: Int)
}

extension ConfigurationFault: CustomStringConvertible {
    /// One line for the operator: where, what was given, what is accepted.
    package var description: String {
        switch self {
        case .malformed(let name, nil, let accepted):
            "\(name): the value given (not shown) is refused: expected \(accepted)"
        case .malformed(let name, .some(let given), let accepted):
            "\(name): \(Self.quoted(given)) is refused: expected \(accepted)"
        case .missing(let name, let accepted, isSecret: false):
            "\(name) is not set: set it to \(accepted)"
        case .missing(let name, let accepted, isSecret: true):
            "\(name) is not set: set it to \(accepted), or \(name)_FILE to a file that holds it"
        case .givenTwice(let name):
            "\(name) and \(name)_FILE are both set: set one of them"
        case .unreadableSecret(let name, let path, let reason):
            "\(name): cannot read \(Self.quoted(path)): \(reason)"
        case .unreadableFile(let path, let reason):
            "\(path): cannot read the file: \(reason)"
        case .malformedLine(let path, let line, let reason):
            "\(path):\(line): \(reason)"
        case .repeatedName(let path, let line, let name, let firstLine):
            "\(path):\(line): \(name) is already set in line \(firstLine)"
        }
    }

    /// A value on one line: control characters escaped, cut after 100 characters.
    private static func quoted(_ value: String) -> String {
        let shown = value.prefix(100)
        return String(shown).debugDescription + (shown.endIndex < value.endIndex ? "…" : "")
    }
}

/// The configuration was refused; holds every fault, at least one.
package struct InvalidConfiguration: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, `.env` file first, then in the order in which the values are read.
    package let faults: [ConfigurationFault]

    /// One fault a line.
    package var description: String { faults.map(\.description).joined(separator: "\n") }
}
