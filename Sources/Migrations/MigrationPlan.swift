/// A migration that a database says has run.
package struct AppliedMigration: Equatable, Sendable {
    /// Its number as the table holds it.
    package let revision: String
    /// The checksum of what ran.
    package let checksum: String

    /// Makes an entry as it stands in the table.
    package init(revision: String, checksum: String) {
        self.revision = revision
        self.checksum = checksum
    }

    /// Makes the entry that a database has once `file` has run.
    init(_ file: MigrationFile) {
        self.init(revision: file.revision.description, checksum: file.checksum)
    }
}

extension MigrationSet {
    /// The revision of an entry, one of this set's.
    /// - Throws: ``MigrationError/unknownRevision(_:)`` or
    ///   ``MigrationError/databaseIsNewer(database:files:)``.
    func revision(of row: AppliedMigration) throws(MigrationError) -> Revision {
        guard let revision = Revision(parsing: row.revision) else {
            throw .unknownRevision(row.revision)
        }
        guard revision <= head else { throw .databaseIsNewer(database: revision, files: head) }
        return revision
    }
}

/// One migration to run in one direction.
package struct MigrationStep: Equatable, Sendable {
    /// Which part of the file runs.
    package enum Direction: String, Sendable {
        /// The part that makes the change.
        case upgrade
        /// The part that undoes it.
        case downgrade
    }

    /// Which part of the file runs.
    package let direction: Direction
    /// The migration.
    package let file: MigrationFile
    /// The statements of that part.
    package let script: MigrationFile.Script

    /// The last revision that has run once this step is done; nil if none has.
    package var destination: Revision? {
        switch direction {
        case .upgrade: file.revision
        case .downgrade: before
        }
    }

    /// The last revision that has run while this step is still to be done; nil if none has.
    package var origin: Revision? {
        switch direction {
        case .upgrade: before
        case .downgrade: file.revision
        }
    }

    private var before: Revision? {
        file.revision.number == 1 ? nil : Revision(number: file.revision.number - 1)
    }
}

/// The steps from where a database is to where somebody wants it.
///
/// A plan exists only for a database whose applied migrations are the first of this build's, word
/// for word; its state is then their number.
package struct MigrationPlan: Equatable, Sendable {
    /// The migrations of this build.
    package let set: MigrationSet
    private let appliedCount: Int

    /// Compares what has run with the files.
    /// - Parameter applied: What the database says has run, in ascending order.
    /// - Throws: ``MigrationError/unknownRevision(_:)``,
    ///   ``MigrationError/databaseIsNewer(database:files:)``, ``MigrationError/gap(_:)`` or
    ///   ``MigrationError/edited(_:name:)``.
    package init(_ set: MigrationSet, applied: [AppliedMigration]) throws(MigrationError) {
        for (index, row) in applied.enumerated() {
            let revision = try set.revision(of: row)
            guard revision.number == index + 1 else { throw .gap(Revision(number: index + 1)) }
            let file = set.files[index]
            guard row.checksum == file.checksum else {
                throw .edited(revision, name: file.name)
            }
        }
        self.set = set
        appliedCount = applied.count
    }

    /// Plans for a database at `position`, without one.
    /// - Throws: ``MigrationError/unknownRevision(_:)``.
    package init(
        _ set: MigrationSet, startingAt position: MigrationPosition
    ) throws(MigrationError) {
        self.set = set
        appliedCount = try set.files(upTo: position).count
    }

    /// The migrations that have not run yet, in order.
    package var pending: [MigrationFile] { Array(set.files[appliedCount...]) }

    /// The steps of an upgrade in order; none if `target` is reached already.
    /// - Throws: ``MigrationError/tooFewMigrations(wanted:available:)`` or
    ///   ``MigrationError/unknownRevision(_:)``.
    package func stepsUpgrading(
        to target: UpgradeTarget
    ) throws(MigrationError) -> [MigrationStep] {
        let count: Int
        switch target {
        case .head: count = pending.count
        case .steps(let wanted):
            guard wanted <= pending.count else {
                throw .tooFewMigrations(wanted: wanted, available: pending.count)
            }
            count = wanted
        case .revision(let revision):
            guard revision <= set.head else { throw .unknownRevision(revision.description) }
            count = max(0, revision.number - appliedCount)
        }
        return pending.prefix(count).map { file in
            MigrationStep(direction: .upgrade, file: file, script: file.up)
        }
    }

    /// The steps of a downgrade, the latest migration first; none if `target` is reached already.
    /// - Throws: ``MigrationError/tooFewMigrations(wanted:available:)``,
    ///   ``MigrationError/unknownRevision(_:)``, ``MigrationError/notApplied(_:)`` or
    ///   ``MigrationError/irreversible(_:name:)``.
    package func stepsDowngrading(
        to target: DowngradeTarget
    ) throws(MigrationError) -> [MigrationStep] {
        let remaining: Int
        switch target {
        case .base: remaining = 0
        case .steps(let wanted):
            guard wanted <= appliedCount else {
                throw .tooFewMigrations(wanted: wanted, available: appliedCount)
            }
            remaining = appliedCount - wanted
        case .revision(let revision):
            guard revision <= set.head else { throw .unknownRevision(revision.description) }
            guard revision.number <= appliedCount else { throw .notApplied(revision) }
            remaining = revision.number
        }
        var steps: [MigrationStep] = []
        for file in set.files[remaining..<appliedCount].reversed() {
            guard let down = file.down else {
                throw .irreversible(file.revision, name: file.name)
            }
            steps.append(MigrationStep(direction: .downgrade, file: file, script: down))
        }
        return steps
    }
}
