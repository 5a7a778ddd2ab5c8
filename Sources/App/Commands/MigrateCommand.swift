import Migrations
import Postgres

/// `user-management migrate …`; the verbs are Alembic's.
package struct MigrateCommand: ~Copyable {
    private let set: MigrationSet
    private let migrator: Migrator

    /// Reads the migrations and connects to the database.
    /// - Throws: ``StartFailure`` or ``MigrationError``.
    package init(_ environment: Environment) throws {
        let settings = try DatabaseSettings.forCommand(environment)
        let address = try DatabaseAddress(settings, logger: nil)
        let set = try MigrationFolder.read(path: settings.migrationsDirectory)
        migrator = Migrator(
            try DirectConnection(address.url, connectTimeout: settings.connectTimeout), set)
        self.set = set
    }

    /// Runs what is pending up to `target`: `head`, `+N` or a revision. `announce` receives
    /// a line before each step.
    package func upgrade(to target: String, announce: (String) -> Void) throws {
        _ = try migrator.upgrade(to: UpgradeTarget(parsing: target)) {
            announce(MigrationReport.line(for: $0))
        }
    }

    /// Undoes what has run down to `target`: `base`, `-N` or a revision.
    package func downgrade(to target: String, announce: (String) -> Void) throws {
        _ = try migrator.downgrade(to: DowngradeTarget(parsing: target)) {
            announce(MigrationReport.line(for: $0))
        }
    }

    /// Where the database is.
    package func current() throws -> String {
        MigrationReport.line(forCurrent: try migrator.current(), of: set)
    }

    /// All migrations, the latest first.
    package func history() throws -> [String] {
        MigrationReport.lines(forHistoryOf: set, current: try migrator.current())
    }

    /// The last migration.
    package func heads() -> String { MigrationReport.line(forHeadOf: set) }

    /// What has not run: a line for each, or one that says so; and whether anything is pending.
    package func check() throws -> (lines: [String], isPending: Bool) {
        let pending = try migrator.pending()
        return (MigrationReport.lines(forPending: pending), !pending.isEmpty)
    }
}

extension DatabaseSettings {
    fileprivate static func forCommand(
        _ environment: Environment
    ) throws(StartFailure) -> DatabaseSettings {
        do {
            return try ConfigurationReader.read(from: environment) {
                DatabaseSettings(reading: &$0)
            }
        } catch {
            throw .configuration(error)
        }
    }
}
