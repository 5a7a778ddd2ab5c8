/// The variables that the service is configured by: those of the process, and below them those of
/// a `.env` file.
///
/// A variable set to nothing counts as not set, because Docker Compose passes what the operator
/// left out as an empty string.
package struct Environment: Sendable {
    /// The largest file that `NAME_FILE` may point at, in octets.
    package static let secretOctetsMax = 64 * 1024

    /// What is wrong with the `.env` file itself.
    package let fileFaults: [ConfigurationFault]

    /// The process's variables, then the file's, empty ones left out.
    private let layers: [[String: String]]
    private let reader: FileReader

    /// Puts the variables of a process above those of a `.env` file. `reader` reads what
    /// `NAME_FILE` points at.
    package init(process: [String: String], file: EnvironmentFile, reader: FileReader) {
        layers = [process, file.values].map { layer in layer.filter { !$0.value.isEmpty } }
        fileFaults = file.faults
        self.reader = reader
    }

    /// The names of all variables that are set, sorted.
    package var names: [String] {
        Set(layers.flatMap(\.keys)).sorted()
    }

    /// The value of a variable, or nil if it is not set.
    func value(of name: VariableName) -> String? {
        layers.lazy.compactMap { $0[name.rawValue] }.first
    }

    /// The value of a secret, given as `NAME` or in the file that `NAME_FILE` names, or nil if
    /// neither is set. The process goes before the `.env` file, whichever form each of them uses.
    func secret(of name: VariableName) throws(ConfigurationFault) -> String? {
        for layer in layers {
            switch (layer[name.rawValue], layer[name.fileVariant]) {
            case (nil, nil): continue
            case (.some(let value), nil): return value
            case (nil, .some(let path)): return try content(of: path, for: name)
            case (.some, .some): throw .givenTwice(name: name.rawValue)
            }
        }
        return nil
    }

    /// Reads a secret's file; one line break at its end is not part of the secret.
    private func content(
        of path: String, for name: VariableName
    ) throws(ConfigurationFault) -> String {
        do throws(FileReadError) {
            let octets = try reader.read(path, Self.secretOctetsMax)
            guard !octets.contains(0), var text = String(validating: octets, as: UTF8.self) else {
                throw FileReadError.notText
            }
            if text.last == "\n" || text.last == "\r\n" { text.removeLast() }
            guard !text.isEmpty else { throw FileReadError.empty }
            return text
        } catch {
            throw .unreadableSecret(name: name.fileVariant, path: path, reason: error)
        }
    }
}
