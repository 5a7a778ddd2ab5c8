import Migrations
import Postgres
import PostgresTesting
import Testing

@Suite("Stamping a database")
struct MigratorStampTests {
    @Test func `a stamp records what an upgrade would have recorded, and runs nothing`()
        async throws
    {
        try await withEmptyDatabase { database in
            let set = try threeTables()
            let migrator = try Migrator(database.connect(), set)
            try migrator.stamp(.revision(Revision(number: 2)))
            #expect(try migrator.current() == Revision(number: 2))
            #expect(try migrator.plan().pending == Array(set.files[2...]))
            #expect(try tables(of: database) == ["schema_migrations"])
            try migrator.stamp(.head)
            #expect(try migrator.plan().pending == [])
            try migrator.stamp(.base)
            #expect(try migrator.current() == nil)
        }
    }

    @Test func `a stamp of base on an empty database leaves it empty`() async throws {
        try await withEmptyDatabase { database in
            try Migrator(database.connect(), threeTables()).stamp(.base)
            #expect(try tables(of: database) == [])
        }
    }

    @Test(arguments: [
        "UPDATE schema_migrations SET checksum = 'edited' WHERE revision = '0002'",
        "DELETE FROM schema_migrations WHERE revision = '0001'",
    ])
    func `a stamp puts right what the table says, and entries that were right keep their times`(
        sql: String
    ) async throws {
        try await withEmptyDatabase { database in
            let migrator = try Migrator(database.connect(), threeTables())
            try migrator.upgrade(to: .head)
            let (third, times) = (
                "WHERE revision = '0003'", "SELECT applied_at FROM schema_migrations "
            )
            let before = try database.connect().query(times + third)
            try database.connect().execute(sql)
            #expect(throws: MigrationError.self) { try migrator.plan() }
            try migrator.stamp(.head)
            #expect(try migrator.plan().pending == [])
            #expect(try database.connect().query(times + third) == before)
            #expect(try migrator.downgrade(to: .base).count == 3)
        }
    }

    @Test(arguments: [
        (["users"], "CREATE TABLE users (id serial PRIMARY KEY, email text)"),
        (["alembic_version"], "CREATE TABLE alembic_version (version_num varchar(32))"),
        (["schema_migrations"], "CREATE TABLE schema_migrations (version varchar(255))"),
    ])
    func `a database of another program is not stamped`(names: [String], sql: String) async throws {
        try await withEmptyDatabase { database in
            try database.connect().execute(sql)
            let before = try schema(of: database)
            let migrator = try Migrator(database.connect(), repositoryMigrations())
            for position in [MigrationPosition.base, .head] {
                #expect(throws: MigrationError.foreignTables(names)) {
                    try migrator.stamp(position)
                }
            }
            #expect(try schema(of: database) == before)
        }
    }

    @Test(arguments: [
        (
            "0004",
            MigrationError.databaseIsNewer(
                database: Revision(number: 4), files: Revision(number: 3))
        ),
        ("strange", .unknownRevision("strange")),
    ])
    func `a stamp never forgets what this build does not know`(
        revision: String, expected: MigrationError
    ) async throws {
        try await withEmptyDatabase { database in
            let migrator = try Migrator(database.connect(), threeTables())
            try migrator.upgrade(to: .head)
            try database.connect().execute(
                "INSERT INTO schema_migrations VALUES ('\(revision)', 'later', 'x', now())")
            for position in [MigrationPosition.base, .head] {
                #expect(throws: expected) { try migrator.stamp(position) }
            }
            let count = try database.connect().query("SELECT count(*) FROM schema_migrations")
            #expect(count == [["4"]])
        }
    }

    @Test func `a database that lost its table of migrations is stamped again`() async throws {
        try await withTestDatabase { database in
            let migrator = try Migrator(database.connect(), repositoryMigrations())
            try database.connect().execute("DROP TABLE schema_migrations")
            #expect(throws: MigrationError.foreignTables(["users"])) {
                try migrator.upgrade(to: .head)
            }
            try migrator.stamp(.head)
            #expect(try migrator.plan().pending == [])
        }
    }

    @Test func `a stamp waits for its turn and changes nothing without it`() async throws {
        try await withEmptyDatabase { database in
            let holder = try database.connect()
            try holder.execute("SELECT pg_advisory_lock(\(Migrator.lockKey))")
            var configuration = MigratorConfiguration()
            configuration.turnTimeout = .milliseconds(200)
            let migrator = try Migrator(
                database.connect(), threeTables(), configuration: configuration)
            #expect(throws: MigrationError.locked(waited: .milliseconds(200))) {
                try migrator.stamp(.head)
            }
            #expect(try tables(of: database) == [])
            try holder.execute("SELECT pg_advisory_unlock(\(Migrator.lockKey))")
        }
    }

    @Test func `a stamp of a revision without a file is refused`() async throws {
        try await withEmptyDatabase { database in
            let migrator = try Migrator(database.connect(), threeTables())
            #expect(throws: MigrationError.unknownRevision("0004")) {
                try migrator.stamp(.revision(Revision(number: 4)))
            }
        }
    }
}
