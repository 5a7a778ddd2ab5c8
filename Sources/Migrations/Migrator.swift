package import Postgres

/// How long migrations may wait for others.
package struct MigratorConfiguration: Sendable {
    /// Time to wait for another run of migrations to end.
    package var turnTimeout: Duration = .seconds(60)
    /// PostgreSQL's `lock_timeout` of a migration in a transaction. A statement that waits for a
    /// table keeps everybody who comes later from it, so it had better give up soon.
    /// At least a millisecond.
    package var lockTimeout: Duration = .seconds(5)

    /// Makes a configuration of the defaults.
    package init() {}
}

/// Runs migrations on a database, one run at a time.
///
/// It blocks its thread. What has run stands in the table `schema_migrations`, which is made
/// together with the first entry.
package struct Migrator: ~Copyable {
    /// The key of the advisory lock that one run holds: `usermigr` in ASCII.
    package static let lockKey: Int64 = 0x7573_6572_6d69_6772
    /// Time between two attempts to get the lock, for which the server sleeps.
    private static let retryInterval: Duration = .milliseconds(100)

    private static let tryLockSQL = "SELECT pg_try_advisory_lock($1)"
    private static let unlockSQL = "SELECT pg_advisory_unlock($1)"
    private static let sleepSQL = "SELECT pg_sleep($1)"
    private static let lockTimeoutSQL = "SELECT set_config('lock_timeout', $1, true)"

    let connection: DirectConnection
    /// The migrations of this build.
    package let set: MigrationSet
    private let configuration: MigratorConfiguration

    /// Takes over `connection`, which no pooler may share out by transactions.
    package init(
        _ connection: consuming DirectConnection, _ set: MigrationSet,
        configuration: MigratorConfiguration = .init()
    ) {
        self.connection = connection
        self.set = set
        self.configuration = configuration
    }

    /// Brings the database forward.
    /// - Parameter willRun: Called before each step, so that a long one can be announced.
    /// - Returns: The steps that have run, in order; each is committed.
    /// - Throws: ``MigrationError``; the steps before the one that failed stay done.
    @discardableResult
    package func upgrade(
        to target: UpgradeTarget, willRun: (MigrationStep) -> Void = { _ in }
    ) throws(MigrationError) -> [MigrationStep] {
        try run(willRun) { plan throws(MigrationError) in try plan.stepsUpgrading(to: target) }
    }

    /// Takes the database back, and its data with it. Parameter, result and errors are those of
    /// ``upgrade(to:willRun:)``.
    @discardableResult
    package func downgrade(
        to target: DowngradeTarget, willRun: (MigrationStep) -> Void = { _ in }
    ) throws(MigrationError) -> [MigrationStep] {
        try run(willRun) { plan throws(MigrationError) in try plan.stepsDowngrading(to: target) }
    }

    /// Records exactly the migrations up to `position` as those that have run, and runs none. Gaps
    /// and edited migrations do not matter: this is how a database that was put right by hand is
    /// told so.
    /// - Throws: ``MigrationError``; then nothing is changed.
    package func stamp(_ position: MigrationPosition) throws(MigrationError) {
        let files = try set.files(upTo: position)
        try takingTurn { () throws(MigrationError) in try record(exactly: files) }
    }

    /// The last revision that has run; nil if none has. Takes no lock and changes nothing.
    package func current() throws(MigrationError) -> Revision? {
        guard let last = try applied().last else { return nil }
        guard let revision = Revision(parsing: last.revision) else {
            throw .unknownRevision(last.revision)
        }
        return revision
    }

    /// What could be done next. Takes no lock and changes nothing.
    package func plan() throws(MigrationError) -> MigrationPlan {
        try MigrationPlan(set, applied: applied())
    }

    private func run(
        _ willRun: (MigrationStep) -> Void,
        choosing steps: (MigrationPlan) throws(MigrationError) -> [MigrationStep]
    ) throws(MigrationError) -> [MigrationStep] {
        try takingTurn { () throws(MigrationError) in
            let steps = try steps(plan())
            for step in steps {
                willRun(step)
                do throws(PostgresError) { try run(step) } catch { throw .failed(step, error) }
            }
            return steps
        }
    }

    /// Does `body` while no other run does anything.
    private func takingTurn<Value>(
        _ body: () throws(MigrationError) -> Value
    ) throws(MigrationError) -> Value {
        try awaitTurn()
        // If this fails the connection is lost, and the lock with it.
        defer { _ = try? connection.query(Self.unlockSQL, ["\(Self.lockKey)"]) }
        return try body()
    }

    /// Gets the lock, for which it asks again and again: a session that waits inside a statement
    /// would hold a snapshot, and the run that has the lock would wait for that snapshot's end in
    /// `CREATE INDEX CONCURRENTLY`.
    private func awaitTurn() throws(MigrationError) {
        let attempts = max(1, Int(configuration.turnTimeout / Self.retryInterval))
        for _ in 1...attempts {
            let isMine = try asking { () throws(PostgresError) in
                if try connection.query(Self.tryLockSQL, ["\(Self.lockKey)"]) == [["t"]] {
                    return true
                }
                _ = try connection.query(Self.sleepSQL, ["\(Self.retryInterval / .seconds(1))"])
                return false
            }
            if isMine { return }
        }
        throw .locked(waited: configuration.turnTimeout)
    }

    private func run(_ step: MigrationStep) throws(PostgresError) {
        guard step.script.isTransactional else {
            // No `lock_timeout`: what refuses a transaction waits without keeping others waiting,
            // and if it gave up it would leave half of its work behind.
            try connection.execute(step.script.sql)
            try connection.transaction { () throws(PostgresError) in try record(step) }
            return
        }
        let lockTimeout = max(1, Int(configuration.lockTimeout / .milliseconds(1)))
        try connection.transaction { () throws(PostgresError) in
            _ = try connection.query(Self.lockTimeoutSQL, ["\(lockTimeout)ms"])
            try connection.execute(step.script.sql)
            guard connection.isInTransaction else {
                throw .unexpectedResult("the migration has ended its own transaction")
            }
            try record(step)
        }
    }
}
