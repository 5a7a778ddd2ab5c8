import Migrations
import Postgres
import UsersPostgres

/// `user-management migrate …`; the verbs are Alembic's.
///
/// Every verb throws ``StartFailure`` when it could not begin, and ``MigrationError`` when a
/// migration failed. A verb that needs no database asks for no address of one.
package struct MigrateCommand {
    private let environment: Environment
    private let notice: (String) -> Void

    /// Reads nothing yet.
    /// - Parameter notice: Receives a line about a setting that is accepted but not as it stands.
    package init(_ environment: Environment, notice: @escaping (String) -> Void) {
        self.environment = environment
        self.notice = notice
    }

    /// Runs what is pending up to `target`: `head`, `+N` or a revision, and makes the search texts
    /// of users who have none. `announce` receives a line before each step.
    package func upgrade(to target: String, announce: (String) -> Void) throws {
        try Self.beginning {
            let target = try UpgradeTarget(parsing: target)
            let place = try place()
            _ = try place.open().upgrade(to: target) { announce(MigrationReport.line(for: $0)) }
            let count = try SearchTextFilling(place.connect()).run()
            if count > 0 { announce("Filled the search texts of \(count) users") }
        }
    }

    /// Undoes what has run down to `target`: `base`, `-N` or a revision.
    package func downgrade(to target: String, announce: (String) -> Void) throws {
        try Self.beginning {
            let target = try DowngradeTarget(parsing: target)
            _ = try open().downgrade(to: target) { announce(MigrationReport.line(for: $0)) }
        }
    }

    /// The SQL of an upgrade over `range`, `FROM:TO` or `TO`. Without a start it is where the
    /// database is, or `base` if no database is configured.
    package func upgradeSQL(over range: String) throws -> String {
        try Self.beginning {
            let range = try MigrationRange(parsing: range)
            let target = try UpgradeTarget(parsing: range.target)
            let plan = try plan(from: range.start ?? (namesDatabase ? nil : .base))
            return MigrationScript.text(of: try plan.stepsUpgrading(to: target), in: plan.set)
        }
    }

    /// The SQL of a downgrade over `range`, `FROM:TO` or `TO`. Without a start it is where the
    /// database is.
    package func downgradeSQL(over range: String) throws -> String {
        try Self.beginning {
            let range = try MigrationRange(parsing: range)
            let target = try DowngradeTarget(parsing: range.target)
            let plan = try plan(from: range.start)
            return MigrationScript.text(of: try plan.stepsDowngrading(to: target), in: plan.set)
        }
    }

    /// Records that the migrations up to `position` have run, and no others: `base`, `head` or a
    /// revision. Returns the line that tells where the database is now.
    package func stamp(_ position: String) throws -> String {
        try Self.beginning {
            let position = try MigrationPosition(parsing: position)
            let migrator = try open()
            try migrator.stamp(position)
            let last = try migrator.set.files(upTo: position).last?.revision
            return MigrationReport.line(forCurrent: last, of: migrator.set)
        }
    }

    /// Where the database is.
    package func current() throws -> String {
        try Self.beginning {
            let migrator = try open()
            return MigrationReport.line(forCurrent: try migrator.current(), of: migrator.set)
        }
    }

    /// All migrations, the latest first.
    package func history() throws -> [String] {
        try Self.beginning {
            let migrator = try open()
            return MigrationReport.lines(
                forHistoryOf: migrator.set, current: try migrator.current())
        }
    }

    /// The last migration.
    package func heads() throws -> String {
        try Self.beginning { MigrationReport.line(forHeadOf: try files()) }
    }

    /// What has not run: a line for each, or one that says so; and whether anything is pending.
    package func check() throws -> (lines: [String], isPending: Bool) {
        try Self.beginning {
            let pending = try open().plan().pending
            return (MigrationReport.lines(forPending: pending), !pending.isEmpty)
        }
    }

    private func plan(from position: MigrationPosition?) throws -> MigrationPlan {
        guard let position else { return try open().plan() }
        return try MigrationPlan(files(), startingAt: position)
    }

    private func files() throws -> MigrationSet {
        let path = try reading { DatabaseSettings.migrationsDirectory(reading: &$0) }
        return try MigrationFolder.read(path: path)
    }

    /// Reads the migrations and connects to the database.
    private func open() throws -> Migrator { try place().open() }

    private func place() throws -> Place {
        let settings = try reading { DatabaseSettings(reading: &$0) }
        return Place(settings: settings, address: try DatabaseAddress(settings, notice: notice))
    }

    /// Where the database and the migrations are.
    private struct Place {
        let settings: DatabaseSettings
        let address: DatabaseAddress

        func open() throws -> Migrator {
            let set = try MigrationFolder.read(path: settings.migrationsDirectory)
            return Migrator(try connect(), set)
        }

        func connect() throws -> DirectConnection {
            try DirectConnection(address.direct, connectTimeout: settings.connectTimeout)
        }
    }

    /// Whether there is an address, well-formed or not.
    private var namesDatabase: Bool {
        let names = [VariableName.databaseURL, .databaseDirectURL]
            .flatMap { [$0.rawValue, $0.fileVariant] }
        return environment.names.contains { names.contains($0) }
    }

    private func reading<Value>(
        _ body: (inout ConfigurationReader) -> Value
    ) throws(StartFailure) -> Value {
        do { return try ConfigurationReader.read(from: environment, body) } catch {
            throw .configuration(error)
        }
    }

    /// Does `body`, and takes for a failed start whatever kept a step from beginning.
    private static func beginning<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as PostgresError {
            throw StartFailure.migrations(.database(error))
        } catch let error as MigrationError {
            if case .failed = error { throw error }
            throw StartFailure.migrations(error)
        }
    }
}
