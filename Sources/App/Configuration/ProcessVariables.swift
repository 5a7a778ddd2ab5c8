@preconcurrency import Glibc

extension Environment {
    /// The variables that this process was started with, and a `.env` file of its folder.
    ///
    /// - Parameter path: Where the `.env` file is; none is needed there.
    package static func ofProcess(file path: String = ".env") -> Environment {
        Environment(
            process: processVariables(),
            file: EnvironmentFile(reading: path, with: .system),
            reader: .system)
    }

    /// The variables of `environ(7)`; of a name that stands twice the first, as getenv(3) has it.
    /// To be called before another thread could change them with setenv(3).
    private static func processVariables() -> [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            next += 1
            let pair = String(cString: entry).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, variables[String(pair[0])] == nil else { continue }
            variables[String(pair[0])] = String(pair[1])
        }
        return variables
    }
}
