import Postgres
import PostgresTesting
import Testing

@testable import App

@Suite("user-management migrate")
struct MigrateProcessTests {
    @Test func `steps go one up and one down`() async throws {
        try await withEmptyDatabase { database in
            let up = try await migrate("upgrade", "+1", on: database)
            #expect(up.status == 0 && up.errors.isEmpty)
            #expect(try await migrate("current", on: database).output == "0001\n")
            let history = try await migrate("history", on: database)
            #expect(history.output.contains("base -> 0001 (current), users\n"))
            let down = try await migrate("downgrade", "-1", on: database)
            #expect(down.status == 0 && down.errors.isEmpty)
            #expect(try await migrate("current", on: database).output == "base\n")
            let again = try await migrate("downgrade", "-1", on: database)
            #expect(again.status == 2 && again.errors.contains("only 0 can be made"))
        }
    }

    @Test func `a stamp tells where the database is, and the next verbs believe it`() async throws {
        try await withMigrations(sampleMigrations) { folder in
            try await withEmptyDatabase { database in
                let stamp = try await migrate("stamp", "0002", on: database, from: folder)
                #expect(stamp.status == 0 && stamp.errors == "" && stamp.output == "0002\n")
                let check = try await migrate("check", on: database, from: folder)
                #expect(check.status == 1 && check.output == "Pending: 0003, third\n")
                let head = try await migrate("stamp", "head", on: database, from: folder)
                #expect(head.output == "0003 (head)\n")
                #expect(try await migrate("check", on: database, from: folder).status == 0)
                let base = try await migrate("stamp", "base", on: database, from: folder)
                #expect(base.output == "base\n")
                #expect(try tables(of: database) == ["schema_migrations"])
            }
        }
    }

    @Test func `tables that a stamp of base leaves are found again by a stamp of head`()
        async throws
    {
        try await withTestDatabase { database in
            let base = try await migrate("stamp", "base", on: database)
            #expect(base.status == 0 && base.output == "base\n")
            let upgrade = try await migrate("upgrade", "head", on: database)
            #expect(upgrade.status == 2 && upgrade.errors.contains("it has users"))
            #expect(try await migrate("stamp", "head", on: database).status == 0)
            #expect(try await migrate("check", on: database).status == 0)
        }
    }

    @Test func `a migration that fails ends it with status 1, and those before it stay`()
        async throws
    {
        var files = sampleMigrations
        files["0003_third.sql"] = "-- migrate:up\nCREATE TABLE half (); SELECT nonsense;"
        try await withMigrations(files) { folder in
            try await withEmptyDatabase { database in
                let ended = try await migrate("upgrade", "head", on: database, from: folder)
                #expect(ended.status == 1)
                #expect(ended.errors.contains("upgrade of 0003 (third) failed: ERROR 42703"))
                #expect(ended.errors.split(separator: "\n").count == 1, "\(ended.errors)")
                #expect(try tables(of: database) == ["first", "schema_migrations"])
                #expect(try await migrate("current", on: database, from: folder).output == "0002\n")
            }
        }
    }

    @Test func `a table in use is given up after the lock timeout, and nothing is left`()
        async throws
    {
        var files = sampleMigrations
        files["0004_alter.sql"] = "-- migrate:up\nALTER TABLE first ADD COLUMN name text;"
        try await withMigrations(files) { folder in
            try await withEmptyDatabase { database in
                _ = try await migrate("upgrade", "0003", on: database, from: folder)
                let reader = try database.connect()
                try reader.execute("BEGIN; SELECT id FROM first")
                let held = try await migrate("upgrade", "head", on: database, from: folder)
                #expect(held.status == 1)
                #expect(held.errors.contains("0004 (alter) failed: ERROR 55P03"))
                let script = try await migrate(
                    "upgrade", "head", "--sql", on: database, from: folder,
                    pipedInto: psql(on: database))
                #expect(script.status == 3 && script.errors.contains("lock timeout"))
                try reader.execute("COMMIT")
                let free = try await migrate("upgrade", "head", on: database, from: folder)
                #expect(free.status == 0)
            }
        }
    }

    @Test func `two at the same time share the work`() async throws {
        try await withMigrations(sampleMigrations) { folder in
            try await withEmptyDatabase { database in
                async let first = migrate("upgrade", "head", on: database, from: folder)
                async let second = migrate("upgrade", "head", on: database, from: folder)
                let both = try await [first, second]
                #expect(both.map(\.status) == [0, 0], "\(both)")
                let lines = both.flatMap { $0.output.split(separator: "\n") }
                #expect(lines.count == 3)
            }
        }
    }

    @Test func `heads and a script over a range need no database`() async throws {
        let heads = try await migrate("heads", on: nil)
        #expect(heads.status == 0)
        #expect(heads.output == "\(BuildInformation.requiredRevision) (head)\n")
        let down = try await migrate("downgrade", "head:base", "--sql", on: nil)
        #expect(down.status == 0 && down.output.contains("DROP TABLE users;"))
    }

    @Test func `the driver of an address is dropped with a notice on standard error`()
        async throws
    {
        try await withTestDatabase { database in
            func value(_ name: String) throws -> String {
                try #require(database.url.keywords.first { $0.name == name }?.value)
            }
            let address =
                try "postgresql+asyncpg:///\(database.name)?ssl=prefer"
                + "&host=\(value("host"))&port=\(value("port"))&user=\(value("user"))"
            let variables = [
                "DATABASE_URL": address, "MIGRATIONS_DIRECTORY": "\(repositoryFolder)/migrations",
            ]
            let ended = try await Executable(["migrate", "check"], variables).run()
            #expect(ended.status == 0 && ended.output == "No migration is pending.\n")
            #expect(
                ended.errors == "user-management: DATABASE_URL names the driver asyncpg, "
                    + "which is not used\n")
        }
    }

    @Test(arguments: [
        (["DATABASE_URL": ""], 1), (["DATABASE_URL": "mysql://app:hunter2@db/users"], 1),
        (["DATABASE_URL": "postgresql://app:hun/ter2@db/users"], 1),
        (["DATABASE_URL": "postgresql://app@db:port/users"], 1),
        (["DATABASE_URL_FILE": "/nonexistent"], 1),
        (["DATABASE_URL": "a", "DATABASE_URL_FILE": "/b"], 1),
        (["DATABASE_POOL_SIZE": "0", "DATABASE_CONNECT_TIMEOUT": "5"], 3),
    ])
    func `a malformed setting of the database ends it with status 2 and a line for each fault`(
        _ variables: [String: String], _ lineCount: Int
    ) async throws {
        let ended = try await Executable(["migrate", "current"], variables).run()
        #expect(ended.status == 2)
        #expect(ended.errors.split(separator: "\n").count == lineCount, "\(ended.errors)")
        #expect(!(ended.errors + ended.output).contains("hun"))
        #expect(ended.output.isEmpty)
    }

    @Test func `the command line explains itself`() async throws {
        let version = try await Executable(["--version"], [:]).run()
        #expect(version.status == 0 && version.output == "\(BuildInformation.version)\n")
        for arguments in [["--help"], ["help", "migrate"], ["serve", "--help"]] {
            let help = try await Executable(arguments, [:]).run()
            #expect(help.status == 0 && help.output.contains("USAGE: user-management"))
        }
        for arguments in [
            ["server"], ["migrate", "upgrade"], ["migrate", "downgrade", "-1", "x"],
            ["migrate", "stamp"], ["migrate", "stamp", "head", "--sql"],
        ] {
            let misuse = try await Executable(arguments, [:]).run()
            #expect(misuse.status == 64 && misuse.errors.contains("Usage:"), "\(arguments)")
        }
    }
}
