/// A place in the order of migrations: `base`, `head` or `0003`.
package enum MigrationPosition: Equatable, Sendable {
    /// Before the first migration.
    case base
    /// After the last migration.
    case head
    /// After this one.
    case revision(Revision)

    /// Reads a position from the command line.
    /// - Throws: ``MigrationError/malformedPosition(_:)``.
    package init(parsing text: some StringProtocol) throws(MigrationError) {
        if text == "base" {
            self = .base
        } else if text == "head" {
            self = .head
        } else if let revision = Revision(parsing: text) {
            self = .revision(revision)
        } else {
            throw .malformedPosition(String(text))
        }
    }
}

/// What a printed script spans, as Alembic writes it: `0001:head`, or its end alone.
package struct MigrationRange: Equatable, Sendable {
    /// Where the script begins; nil if that is where the database is.
    package let start: MigrationPosition?
    /// The target, which ``UpgradeTarget`` or ``DowngradeTarget`` reads.
    package let target: String

    /// Takes a range from the command line apart; a text without a colon is the target.
    /// - Throws: ``MigrationError/malformedPosition(_:)`` if the start is none.
    package init(parsing text: String) throws(MigrationError) {
        guard let colon = text.firstIndex(of: ":") else {
            (start, target) = (nil, text)
            return
        }
        start = try MigrationPosition(parsing: text[..<colon])
        target = String(text[text.index(after: colon)...])
    }
}

extension MigrationSet {
    /// The migrations that have run in a database at `position`.
    /// - Throws: ``MigrationError/unknownRevision(_:)``.
    package func files(
        upTo position: MigrationPosition
    ) throws(MigrationError) -> [MigrationFile] {
        switch position {
        case .base: return []
        case .head: return files
        case .revision(let revision):
            guard revision <= head else { throw .unknownRevision(revision.description) }
            return Array(files.prefix(revision.number))
        }
    }
}
