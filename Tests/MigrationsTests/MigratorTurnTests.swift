import Migrations
import Postgres
import PostgresTesting
import Testing

@Suite("One run of migrations at a time")
struct MigratorTurnTests {
    @Test func `runs at the same time share the work, and each migration runs once`() async throws {
        try await withEmptyDatabase { database in
            // The index is one that waits for every older statement, those of the others too.
            let set = try withConcurrentIndex()
            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 1...4 {
                    group.addTask {
                        try Migrator(database.connect(), set).upgrade(to: .head).count
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(counts.sorted() == [0, 0, 0, 2])
        }
    }

    @Test func `a run that finds the lock taken gives up in the end, and has changed nothing`()
        async throws
    {
        try await withEmptyDatabase { database in
            let holder = try database.connect()
            try holder.execute("SELECT pg_advisory_lock(\(Migrator.lockKey))")
            var configuration = MigratorConfiguration()
            configuration.turnTimeout = .milliseconds(200)
            let migrator = try Migrator(
                database.connect(), threeTables(), configuration: configuration)
            #expect(throws: MigrationError.locked(waited: .milliseconds(200))) {
                try migrator.upgrade(to: .head)
            }
            #expect(try tables(of: database) == [])
            try holder.execute("SELECT pg_advisory_unlock(\(Migrator.lockKey))")
            #expect(try migrator.upgrade(to: .head).count == 3)
        }
    }

    @Test func `a run waits for its turn`() async throws {
        try await withEmptyDatabase { database in
            let holder = try database.connect()
            // The server itself ends the holder's session, and so its lock, while the run waits.
            try holder.execute("SET idle_session_timeout = '300ms'")
            try holder.execute("SELECT pg_advisory_lock(\(Migrator.lockKey))")
            let migrator = try Migrator(database.connect(), threeTables())
            #expect(try migrator.upgrade(to: .head).count == 3)
            #expect(throws: PostgresError.self) { try holder.execute("SELECT 1") }
        }
    }

    @Test func `the lock is free again after a failure`() async throws {
        try await withEmptyDatabase { database in
            let broken = try irreversible(1, named: "broken", up: "SELECT nonsense;")
            let migrator = try Migrator(database.connect(), MigrationSet([broken]))
            #expect(throws: MigrationError.self) { try migrator.upgrade(to: .head) }
            let locks = try database.connect().query(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = "
                    + "(SELECT oid FROM pg_database WHERE datname = current_database())")
            #expect(locks == [["0"]])
        }
    }
}
