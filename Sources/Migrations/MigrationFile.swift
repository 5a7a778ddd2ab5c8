/// One migration: a file `NNNN_name.sql` with a part that makes a change and a part that undoes it.
///
/// A line `-- migrate:up` begins the first part, `-- migrate:down` the second; a file without the
/// second cannot be undone. Each part runs in a transaction together with its entry in the table
/// of migrations. A marker that ends with ` transaction:false` takes its part out of it, for
/// statements that refuse one, such as `CREATE INDEX CONCURRENTLY`: such a part must be a single
/// statement, since PostgreSQL puts several into a transaction of their own accord.
package struct MigrationFile: Equatable, Sendable {
    /// What one direction of a migration runs.
    package struct Script: Equatable, Sendable {
        /// One or more statements, without blank lines at either end.
        package let sql: String
        /// Whether the statements run in a transaction.
        package let isTransactional: Bool
    }

    /// The number at the beginning of the file's name.
    package let revision: Revision
    /// The rest of the file's name without `.sql`.
    package let name: String
    /// What makes the change.
    package let up: Script
    /// What undoes the change; nil if nothing can.
    package let down: Script?

    /// The checksum of the statements that make the change. Those that undo it may be mended later,
    /// since no database owes its shape to them yet.
    package var checksum: String { Migrations.checksum(of: up.sql) }

    /// Reads a migration from a file's name, without folders, and its text.
    /// - Throws: ``MigrationError/malformedFile(_:_:)``.
    package init(fileName: String, text: String) throws(MigrationError) {
        do {
            (revision, name) = try Self.parse(fileName: fileName)
            (up, down) = try Self.parse(text: text)
        } catch {
            throw .malformedFile(fileName, error)
        }
    }
}

/// What is wrong with the name or the text of a migration's file.
package enum MigrationFileFault: Error, Equatable, Sendable {
    /// The name is not four digits, `_`, one or more of `a-z`, `0-9` and `_`, and `.sql`.
    case name
    /// The text is not UTF-8, or holds a NUL or a carriage return, which editors add and remove.
    case encoding
    /// A marker is none of the four that exist.
    case unknownMarker(line: Int)
    /// A marker stands in the wrong place: not first `up`, then at most one `down`.
    case misplacedMarker(line: Int)
    /// A statement stands before the first marker.
    case statementBeforeMarker(line: Int)
    /// There is no part that makes the change.
    case noUp
    /// A part has no statement.
    case emptyPart
}

extension MigrationFile {
    private static func parse(
        fileName: String
    ) throws(MigrationFileFault) -> (Revision, String) {
        guard fileName.hasSuffix(".sql"), let revision = Revision(parsing: fileName.prefix(4))
        else { throw .name }
        let rest = fileName.dropFirst(4).dropLast(4)
        let isName = rest.utf8.allSatisfy { byte in
            isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || byte == UInt8(ascii: "_")
        }
        guard rest.hasPrefix("_"), rest.count > 1, isName else { throw .name }
        return (revision, String(rest.dropFirst()))
    }

    private static func parse(
        text: String
    ) throws(MigrationFileFault) -> (up: Script, down: Script?) {
        guard !text.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "\r") }) else {
            throw .encoding
        }
        var parts: [(marker: Marker, lines: [Substring])] = []
        for (index, line) in text.split(
            separator: "\n", omittingEmptySubsequences: false
        ).enumerated() {
            if let marker = try Marker(line, number: index + 1) {
                guard marker.isUp == parts.isEmpty, parts.count < 2 else {
                    throw .misplacedMarker(line: index + 1)
                }
                parts.append((marker, []))
            } else if !parts.isEmpty {
                parts[parts.count - 1].lines.append(line)
            } else if hasStatement(line) {
                throw .statementBeforeMarker(line: index + 1)
            }
        }
        guard let up = parts.first else { throw .noUp }
        return (
            try script(up.marker, up.lines),
            parts.count == 2 ? try script(parts[1].marker, parts[1].lines) : nil
        )
    }

    private static func script(
        _ marker: Marker, _ lines: [Substring]
    ) throws(MigrationFileFault) -> Script {
        let isBlank = { (line: Substring) in line.allSatisfy(\.isWhitespace) }
        guard lines.contains(where: hasStatement),
            let first = lines.firstIndex(where: { !isBlank($0) }),
            let last = lines.lastIndex(where: { !isBlank($0) })
        else { throw .emptyPart }
        let sql = lines[first...last].joined(separator: "\n")
        return Script(sql: sql, isTransactional: marker.isTransactional)
    }

    /// Whether a line is more than blanks and a comment.
    private static func hasStatement(_ line: Substring) -> Bool {
        let text = line.drop(while: \.isWhitespace)
        return !text.isEmpty && !text.hasPrefix("--")
    }
}

/// A line that begins a part of a migration's file.
private struct Marker {
    let isUp: Bool
    let isTransactional: Bool

    /// Reads a line; nil if it is no marker. A comment that begins with `migrate:` is meant as one.
    init?(_ line: Substring, number: Int) throws(MigrationFileFault) {
        let comment = line.drop { $0 == "-" || $0.isWhitespace }
        guard line.drop(while: \.isWhitespace).hasPrefix("--"), comment.hasPrefix("migrate:") else {
            return nil
        }
        switch line {
        case "-- migrate:up": (isUp, isTransactional) = (true, true)
        case "-- migrate:up transaction:false": (isUp, isTransactional) = (true, false)
        case "-- migrate:down": (isUp, isTransactional) = (false, true)
        case "-- migrate:down transaction:false": (isUp, isTransactional) = (false, false)
        default: throw .unknownMarker(line: number)
        }
    }
}
