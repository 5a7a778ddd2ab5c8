import Postgres
import PostgresTesting
import Testing

@testable import App

@Suite("What user-management migrate refuses")
struct MigrateRefusalTests {
    /// Every verb that needs a database.
    static let verbs = [
        ["upgrade", "head"], ["upgrade", "head", "--sql"], ["downgrade", "base"],
        ["downgrade", "base", "--sql"], ["stamp", "head"], ["stamp", "base"], ["current"],
        ["history"], ["check"],
    ]

    private func run(
        _ arguments: [String], _ variables: [String: String]
    ) async throws -> Executable.Ended {
        let folder = ["MIGRATIONS_DIRECTORY": "\(repositoryFolder)/migrations"]
        return try await Executable(
            ["migrate"] + arguments, folder.merging(variables) { _, given in given }
        ).run()
    }

    /// Expects status 2 and one line on standard error, which holds `text`, and no other output.
    private func expectRefusal(_ ended: Executable.Ended, _ text: String) {
        #expect(ended.status == 2)
        #expect(ended.errors.hasPrefix("user-management: "))
        #expect(ended.errors.contains(text), "\(ended.errors)")
        #expect(ended.errors.split(separator: "\n").count == 1, "\(ended.errors)")
        #expect(ended.output == "")
        #expect(!ended.errors.contains("hunter2"))
    }

    @Test(arguments: verbs)
    func `a database that cannot be reached`(_ verb: [String]) async throws {
        let address = "postgresql://app:hunter2@127.0.0.1:1/users"
        expectRefusal(try await run(verb, ["DATABASE_URL": address]), "no connection")
    }

    @Test(arguments: verbs.filter { $0 != ["upgrade", "head", "--sql"] })
    func `no address of a database`(_ verb: [String]) async throws {
        expectRefusal(try await run(verb, [:]), "DATABASE_URL is not set")
    }

    @Test(arguments: verbs + [["heads"]])
    func `a folder that cannot be read`(_ verb: [String]) async throws {
        try await withEmptyDatabase { database in
            let variables = [
                "DATABASE_URL": database.connectionString, "MIGRATIONS_DIRECTORY": "/nonexistent",
            ]
            expectRefusal(try await run(verb, variables), "/nonexistent")
        }
    }

    @Test(arguments: [
        (["upgrade", "9999"], "'9999'"), (["upgrade", "0009", "--sql"], "'0009'"),
        (["upgrade", "+9"], "9 steps"), (["upgrade", "base"], "'base'"),
        (["upgrade", "0001:head"], "'0001:head'"), (["upgrade", "x:head", "--sql"], "'x'"),
        (["upgrade", "0009:head", "--sql"], "'0009'"), (["upgrade", ":head", "--sql"], "''"),
        (["upgrade", "base:", "--sql"], "''"), (["upgrade", "seven"], "'seven'"),
        (["downgrade", "9999"], "'9999'"), (["downgrade", "-9"], "9 steps"),
        (["downgrade", "-x"], "'-x'"), (["downgrade", "head"], "'head'"),
        (["downgrade", "0009:base", "--sql"], "'0009'"), (["downgrade", "0001"], "0001"),
        (["stamp", "9999"], "'9999'"), (["stamp", "+1"], "'+1'"), (["stamp", "heads"], "'heads'"),
    ])
    func `a target that does not exist`(_ verb: [String], _ text: String) async throws {
        try await withEmptyDatabase { database in
            expectRefusal(try await run(verb, ["DATABASE_URL": database.connectionString]), text)
            #expect(try tables(of: database) == [])
        }
    }

    @Test(arguments: [
        ("users", "CREATE TABLE users (id serial PRIMARY KEY, email text)"),
        ("alembic_version", "CREATE TABLE alembic_version (version_num varchar(32))"),
        (
            "alembic_version, users",
            "CREATE TABLE users (id integer); CREATE TABLE alembic_version (version_num text)"
        ),
    ])
    func `a database of another program, which no verb touches`(
        _ names: String, _ sql: String
    ) async throws {
        try await withEmptyDatabase { database in
            try database.connect().execute(sql)
            let before = try schema(of: database)
            for verb in Self.verbs {
                let ended = try await run(verb, ["DATABASE_URL": database.connectionString])
                expectRefusal(ended, "it has \(names)")
            }
            #expect(try schema(of: database) == before)
        }
    }

    @Test(arguments: [
        ("UPDATE schema_migrations SET checksum = 'x' WHERE revision = '0001'", "was edited"),
        ("DELETE FROM schema_migrations WHERE revision = '0002'", "0002 has not run"),
        (
            "INSERT INTO schema_migrations VALUES ('0004', 'later', 'x', now())",
            "at 0004, newer than this build"
        ),
    ])
    func `a database that the files do not explain, which stays as it is`(
        _ sql: String, _ text: String
    ) async throws {
        try await withMigrations(sampleMigrations) { folder in
            try await withEmptyDatabase { database in
                _ = try await migrate("upgrade", "head", on: database, from: folder)
                try database.connect().execute(sql)
                let before = try schema(of: database)
                for verb in [["upgrade", "head"], ["downgrade", "base"], ["check"]] {
                    let variables = [
                        "DATABASE_URL": database.connectionString, "MIGRATIONS_DIRECTORY": folder,
                    ]
                    expectRefusal(try await run(verb, variables), text)
                }
                #expect(try schema(of: database) == before)
            }
        }
    }

    @Test(arguments: [
        ("0002_index.sql", nil as String?, "the file of migration 0002 is missing"),
        ("0003_third.sql", "SELECT 1;", "0003_third.sql"),
        ("0003_again.sql", "-- migrate:up\nSELECT 1;", "two migrations have the number 0003"),
    ])
    func `files that are no sequence of migrations`(
        _ name: String, _ content: String?, _ text: String
    ) async throws {
        var files = sampleMigrations
        files[name] = content
        try await withMigrations(files) { folder in
            try await withEmptyDatabase { database in
                for verb in ["heads", "check"] {
                    let variables = [
                        "DATABASE_URL": database.connectionString, "MIGRATIONS_DIRECTORY": folder,
                    ]
                    expectRefusal(try await run([verb], variables), text)
                }
            }
        }
    }
}
