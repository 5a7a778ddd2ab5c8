/// The lines that the command line prints, after Alembic's.
package enum MigrationReport {
    /// A step that begins: `Running upgrade 0001 -> 0002, name`.
    package static func line(for step: MigrationStep) -> String {
        let (origin, destination) = (text(step.origin), text(step.destination))
        return "Running \(step.direction.rawValue) \(origin) -> \(destination), \(step.file.name)"
    }

    /// Where a database is: `0002 (head)`, `0001`, or `base` if no migration has run.
    package static func line(forCurrent current: Revision?, of set: MigrationSet) -> String {
        current == set.head ? "\(set.head) (head)" : text(current)
    }

    /// The last migration: `0002 (head)`.
    package static func line(forHeadOf set: MigrationSet) -> String {
        line(forCurrent: set.head, of: set)
    }

    /// All migrations, the latest first: `0001 -> 0002 (head) (current), name`.
    package static func lines(forHistoryOf set: MigrationSet, current: Revision?) -> [String] {
        set.files.reversed().map { file in
            let step = MigrationStep(direction: .upgrade, file: file, script: file.up)
            let marks =
                (file.revision == set.head ? " (head)" : "")
                + (file.revision == current ? " (current)" : "")
            return "\(text(step.origin)) -> \(file.revision)\(marks), \(file.name)"
        }
    }

    /// What `check` found: one line for each migration that has not run, or one that all have.
    package static func lines(forPending pending: [MigrationFile]) -> [String] {
        if pending.isEmpty { return ["No migration is pending."] }
        return pending.map { "Pending: \($0.revision), \($0.name)" }
    }

    private static func text(_ revision: Revision?) -> String {
        revision?.description ?? "base"
    }
}
