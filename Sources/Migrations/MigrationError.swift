package import Postgres

/// Why migrations cannot run, or did not run to their end.
package enum MigrationError: Error, Equatable, Sendable {
    /// A folder or a file cannot be read.
    case unreadable(path: String, reason: String)
    /// A file is no migration.
    case malformedFile(String, MigrationFileFault)
    /// There is no migration at all.
    case noFiles
    /// Two files have this number.
    case duplicate(Revision)
    /// A file with this number is missing, while later ones exist.
    case missingFile(Revision)
    /// A target is none of the forms that exist.
    case malformedTarget(String)
    /// A position is none of the forms that exist.
    case malformedPosition(String)
    /// No file has this revision.
    case unknownRevision(String)
    /// A downgrade to a revision that has not run.
    case notApplied(Revision)
    /// More steps are asked for than there are.
    case tooFewMigrations(wanted: Int, available: Int)
    /// A downgrade past a migration that cannot be undone.
    case irreversible(Revision, name: String)
    /// A migration's file is not what ran.
    case edited(Revision, name: String)
    /// A migration has not run, while later ones have.
    case gap(Revision)
    /// The database has run migrations that this build does not have.
    case databaseIsNewer(database: Revision, files: Revision)
    /// The database belongs to another program, which has made these tables.
    case foreignTables([String])
    /// Another run of migrations has not ended within this time.
    case locked(waited: Duration)
    /// A step failed. What the server refused in a transaction has left nothing behind.
    case failed(MigrationStep, PostgresError)
    /// The database could not be asked.
    case database(PostgresError)
}

extension MigrationError: CustomStringConvertible {
    /// One line for the operator.
    package var description: String {
        switch self {
        case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
        case .malformedFile(let name, let fault): "migrations/\(name): \(fault)"
        case .noFiles: "the folder of migrations holds none"
        case .duplicate(let revision): "two migrations have the number \(revision)"
        case .missingFile(let revision):
            "the file of migration \(revision) is missing, while later ones exist"
        case .malformedTarget(let text):
            "'\(text)' is no target: write head, base, +N, -N or a revision of four digits"
        case .malformedPosition(let text):
            "'\(text)' is no place to be: write base, head or a revision of four digits"
        case .unknownRevision(let revision): "no migration has the revision '\(revision)'"
        case .notApplied(let revision): "migration \(revision) has not run"
        case .tooFewMigrations(let wanted, let available):
            "\(wanted) steps were asked for, but only \(available) can be made"
        case .irreversible(let revision, let name):
            "migration \(revision) (\(name)) has no migrate:down part and cannot be undone"
        case .edited(let revision, let name):
            "migration \(revision) (\(name)) was edited after it ran: restore it, add a new one"
        case .gap(let revision): "migration \(revision) has not run, while later ones have"
        case .databaseIsNewer(let database, let files):
            "the database is at \(database), newer than this build, which ends at \(files)"
        case .foreignTables(let names):
            "the database belongs to another program, nothing was changed: it has "
                + names.joined(separator: ", ")
        case .locked(let waited): "another run of migrations has not ended within \(waited)"
        case .failed(let step, let error): Self.describe(step, error)
        case .database(let error): Self.describe(error)
        }
    }

    private static func describe(_ step: MigrationStep, _ error: PostgresError) -> String {
        var isUndone = false
        if case .server = error { isUndone = step.script.isTransactional }
        return "\(step.direction.rawValue) of \(step.file.revision) (\(step.file.name)) failed: "
            + describe(error)
            + (isUndone ? "; nothing of it is left" : "; look what is left of it")
    }

    /// With the server's message, which here speaks of the operator's own statements.
    private static func describe(_ error: PostgresError) -> String {
        if case .server(let error) = error { "\(error): \(error.message)" } else { "\(error)" }
    }
}

extension MigrationFileFault: CustomStringConvertible {
    /// A part of a line for the operator.
    package var description: String {
        switch self {
        case .name: "the name is not of the form 0001_name.sql with a-z, 0-9 and _"
        case .encoding: "the text is not UTF-8 with plain line feeds"
        case .unknownMarker(let line):
            "line \(line) is not -- migrate:up or -- migrate:down [transaction:false]"
        case .misplacedMarker(let line): "line \(line) is misplaced: one up, then at most one down"
        case .statementBeforeMarker(let line): "line \(line) stands before -- migrate:up"
        case .noUp: "there is no -- migrate:up"
        case .emptyPart: "a part has no statement"
        }
    }
}
