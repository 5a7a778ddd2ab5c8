import Testing

/// A place where the repository breaks one of its own rules.
struct Finding: Equatable, Sendable, CustomStringConvertible {
    let path: String
    /// Counted from 1; 0 stands for the file as a whole.
    let line: Int
    /// What is wrong and what to do instead.
    let message: String

    var description: String { line == 0 ? "\(path): \(message)" : "\(path):\(line): \(message)" }
}

/// Looks for what breaks `rule` in the whole repository; each finding is an issue of its own.
func expectNoFindings(
    of rule: (SourceFile) -> [Finding], sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let findings = try Repository.files.flatMap(rule)
    for finding in findings { Issue.record("\(finding)", sourceLocation: sourceLocation) }
}
