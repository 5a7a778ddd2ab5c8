/// Names that do not belong into this repository, each with what stands in its place.
enum BannedNames {
    private struct Ban {
        let name: String
        let instead: String
        var isAllowed: @Sendable (SourceFile) -> Bool = { _ in false }
    }

    private static let isNoSource: @Sendable (SourceFile) -> Bool = { $0.tree != "Sources" }

    private static let bans = [
        Ban(name: "DispatchQueue", instead: "an actor on its loop, or an OffloadPool"),
        Ban(name: "NSLock", instead: "an actor, or Mutex where locks may be"),
        Ban(name: "Task.detached", instead: "a child task, or a Task that prefers its loop"),
        Ban(name: "Task.sleep", instead: "a timer of the loop; in a test, an event"),
        Ban(name: "fatalError(", instead: "a typed error, or a precondition with its sentence"),
        Ban(name: "try!", instead: "do and catch, or typed throws"),
        Ban(name: "as!", instead: "as? and what happens if it is nil"),
        Ban(name: "import Foundation", instead: "FoundationEssentials, which needs no ICU"),
        Ban(
            name: "withUnsafeContinuation", instead: "a Gate, which leaves the task on its loop",
            isAllowed: isNoSource),
        Ban(
            name: "withCheckedContinuation", instead: "a Gate, which leaves the task on its loop",
            isAllowed: isNoSource),
        Ban(
            name: "AsyncStream", instead: "an actor on its loop, such as NotificationListener",
            isAllowed: isNoSource),
        Ban(
            name: "print(", instead: "the logger",
            isAllowed: { $0.tree != "Sources" || $0.target == "user-management" }),
    ]

    /// The uses of banned names in the code of a file, and its notes to self that nobody tracks.
    static func findings(in file: SourceFile) -> [Finding] {
        let bans = bans.filter { !$0.isAllowed(file) }
        return file.lines.flatMap { line in
            bans.filter { line.code.hasWord($0.name) }
                .map { file.finding(line, "`\($0.name)` is banned; instead: \($0.instead).") }
                + untrackedNotes(in: line).map { file.finding(line, $0) }
        }
    }

    private static func untrackedNotes(in line: SourceFile.Line) -> [String] {
        ["TODO", "FIXME"].filter { note in
            line.comment.hasWord(note) && line.comment.firstMatch(of: /(TODO|FIXME)\(#\d+\)/) == nil
        }.map { "\($0) names no issue; write \($0)(#12)." }
    }
}

extension Substring {
    /// Whether `word` stands here and is not a part of a longer name or a member of something.
    func hasWord(_ word: String) -> Bool {
        func isOfName(_ character: Character?) -> Bool {
            character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
        }
        return ranges(of: word).contains { range in
            let before = self[..<range.lowerBound].last
            let after = self[range.upperBound...].first
            return !isOfName(before) && before != "." && !(isOfName(word.last) && isOfName(after))
        }
    }
}
