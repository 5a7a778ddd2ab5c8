import Migrations
import Postgres
import PostgresTesting
import Testing

@Suite("Migrations on a real PostgreSQL")
struct MigratorTests {
    @Test func `an upgrade runs every migration once, in order, and records it`() async throws {
        try await withEmptyDatabase { database in
            let set = try threeTables()
            let migrator = try Migrator(database.connect(), set)
            var announced: [Int] = []
            let steps = try migrator.upgrade(to: .head) { step in
                announced.append(step.file.revision.number)
            }
            #expect(steps.map(\.file) == set.files)
            #expect(announced == [1, 2, 3])
            #expect(try migrator.current() == set.head)
            #expect(try migrator.plan().pending == [])
            #expect(try migrator.upgrade(to: .head) == [])
            let rows = try database.connect().query(
                "SELECT revision, name, checksum FROM schema_migrations ORDER BY revision")
            #expect(rows == set.files.map { ["\($0.revision)", $0.name, $0.checksum] })
            #expect(try tables(of: database) == ["first", "schema_migrations", "second", "third"])
        }
    }

    @Test func `a downgrade to base and an upgrade give the same schema again`() async throws {
        try await withEmptyDatabase { database in
            let migrator = try Migrator(database.connect(), threeTables())
            try migrator.upgrade(to: .steps(2))
            #expect(try migrator.current() == Revision(number: 2))
            #expect(try migrator.downgrade(to: .base).map(\.file.revision.number) == [2, 1])
            #expect(try migrator.current() == nil)
            #expect(try tables(of: database) == ["schema_migrations"])
            #expect(try migrator.upgrade(to: .head).count == 3)
        }
    }

    @Test func `the migrations of this repository can be undone and made again`() async throws {
        try await withTestDatabase { database in
            let migrator = try Migrator(database.connect(), repositoryMigrations())
            #expect(try migrator.plan().pending == [])
            let before = try schema(of: database)
            #expect(before.contains { $0.contains("users_email_key_live") })
            try migrator.downgrade(to: .base)
            #expect(try tables(of: database) == ["schema_migrations"])
            try migrator.upgrade(to: .head)
            #expect(try schema(of: database) == before)
        }
    }

    @Test func `asking where a database is changes nothing in it`() async throws {
        try await withEmptyDatabase { database in
            let set = try threeTables()
            let migrator = try Migrator(database.connect(), set)
            #expect(try migrator.current() == nil)
            #expect(try migrator.plan().pending == set.files)
            #expect(try tables(of: database) == [])
        }
    }

    @Test func `a migration that fails leaves nothing behind, and those before it stay`()
        async throws
    {
        try await withEmptyDatabase { database in
            let broken = try irreversible(
                2, named: "broken", up: "CREATE TABLE half (id bigint);\nSELECT * FROM nowhere;")
            let set = try MigrationSet([makeTable(1, named: "first"), broken])
            let migrator = try Migrator(database.connect(), set)
            let error = #expect(throws: MigrationError.self) { try migrator.upgrade(to: .head) }
            #expect(error?.sqlStateOfFailure == "42P01")
            #expect(try tables(of: database) == ["first", "schema_migrations"])
            #expect(try migrator.current() == Revision(number: 1))
        }
    }

    @Test func `a first migration that fails leaves not even the table of migrations`()
        async throws
    {
        try await withEmptyDatabase { database in
            let broken = try irreversible(1, named: "broken", up: "CREATE TABLE half (a nonsense);")
            let migrator = try Migrator(database.connect(), MigrationSet([broken]))
            #expect(throws: MigrationError.self) { try migrator.upgrade(to: .head) }
            #expect(try tables(of: database) == [])
        }
    }

    @Test func `a migration that ends its own transaction is refused and not recorded`()
        async throws
    {
        try await withEmptyDatabase { database in
            let sly = try irreversible(1, named: "sly", up: "CREATE TABLE half (a text); COMMIT;")
            let migrator = try Migrator(database.connect(), MigrationSet([sly]))
            #expect(throws: MigrationError.self) { try migrator.upgrade(to: .head) }
            #expect(try tables(of: database) == ["half"])
        }
    }

    @Test func `an edited migration is refused, and nothing runs`() async throws {
        try await withEmptyDatabase { database in
            let first = try makeTable(1, named: "first")
            try Migrator(database.connect(), MigrationSet([first])).upgrade(to: .head)
            let edited = try irreversible(1, named: "first", up: "CREATE TABLE other ();")
            let set = try MigrationSet([edited, makeTable(2, named: "second")])
            let migrator = try Migrator(database.connect(), set)
            #expect(throws: MigrationError.edited(Revision(number: 1), name: "first")) {
                try migrator.upgrade(to: .head)
            }
            #expect(try tables(of: database) == ["first", "schema_migrations"])
        }
    }

    @Test func `a database that is newer than the build is refused`() async throws {
        try await withEmptyDatabase { database in
            try Migrator(database.connect(), threeTables()).upgrade(to: .head)
            let older = try MigrationSet([makeTable(1, named: "first")])
            let migrator = try Migrator(database.connect(), older)
            let expected = MigrationError.databaseIsNewer(
                database: Revision(number: 2), files: Revision(number: 1))
            #expect(throws: expected) { try migrator.upgrade(to: .head) }
            #expect(throws: expected) { try migrator.downgrade(to: .base) }
            #expect(try migrator.current() == Revision(number: 3))
        }
    }

    @Test(arguments: [
        (["users"], "CREATE TABLE users (id serial PRIMARY KEY)"),
        (["alembic_version"], "CREATE TABLE alembic_version (version_num varchar(32))"),
        (
            ["alembic_version", "users"],
            "CREATE TABLE users (id integer); CREATE TABLE alembic_version (version_num text)"
        ),
        (["schema_migrations"], "CREATE TABLE schema_migrations (version varchar(255))"),
    ])
    func `a database of another program is refused and not touched`(
        names: [String], sql: String
    ) async throws {
        try await withEmptyDatabase { database in
            try database.connect().execute(sql)
            let before = try schema(of: database)
            let migrator = try Migrator(database.connect(), repositoryMigrations())
            let expected = MigrationError.foreignTables(names)
            #expect(throws: expected) { try migrator.upgrade(to: .head) }
            #expect(throws: expected) { try migrator.downgrade(to: .base) }
            #expect(throws: expected) { try migrator.current() }
            #expect(try schema(of: database) == before)
        }
    }

    @Test func `a statement that refuses a transaction runs outside`() async throws {
        try await withEmptyDatabase { database in
            let set = try withConcurrentIndex()
            let migrator = try Migrator(database.connect(), set)
            try migrator.upgrade(to: .head)
            #expect(try schema(of: database).contains { $0.contains("first_index") })
            try migrator.downgrade(to: .steps(1))
            #expect(try migrator.current() == Revision(number: 1))
        }
    }

    @Test func `a migration gives up a table that is not free within the lock timeout`()
        async throws
    {
        try await withEmptyDatabase { database in
            let alteration = try irreversible(
                2, named: "alter", up: "ALTER TABLE first ADD COLUMN name text;")
            let set = try MigrationSet([makeTable(1, named: "first"), alteration])
            var configuration = MigratorConfiguration()
            configuration.lockTimeout = .milliseconds(50)
            let migrator = try Migrator(database.connect(), set, configuration: configuration)
            try migrator.upgrade(to: .steps(1))
            let reader = try database.connect()
            try reader.execute("BEGIN; SELECT id FROM first")
            let error = #expect(throws: MigrationError.self) { try migrator.upgrade(to: .head) }
            #expect(error?.sqlStateOfFailure == "55P03")
            try reader.execute("COMMIT")
            #expect(try migrator.upgrade(to: .head).count == 1)
        }
    }
}

extension MigrationError {
    /// The SQLSTATE of the server's refusal of a step.
    fileprivate var sqlStateOfFailure: String? {
        if case .failed(_, .server(let error)) = self { error.sqlState } else { nil }
    }
}
