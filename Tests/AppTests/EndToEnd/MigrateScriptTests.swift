import Migrations
import Postgres
import PostgresTesting
import Testing

@testable import App

@Suite("user-management migrate --sql")
struct MigrateScriptTests {
    @Test func `psql makes of the script what an upgrade makes, and undoes it as a downgrade`()
        async throws
    {
        try await withTestDatabase { reference in
            try await withEmptyDatabase { database in
                let up = try await migrate(
                    "upgrade", "head", "--sql", on: nil, pipedInto: psql(on: database))
                #expect(up.status == 0 && up.errors == "" && up.output == "")
                #expect(try schema(of: database) == schema(of: reference))
                #expect(try entries(of: database) == entries(of: reference))
                let check = try await migrate("check", on: database)
                #expect(check.status == 0 && check.output == "No migration is pending.\n")
                let down = try await migrate(
                    "downgrade", "base", "--sql", on: database, pipedInto: psql(on: database))
                #expect(down.status == 0 && down.errors == "")
                #expect(try tables(of: database) == ["schema_migrations"])
                #expect(try await migrate("current", on: database).output == "base\n")
            }
        }
    }

    @Test func `statements outside a transaction and without an end are scripted as they run`()
        async throws
    {
        try await withMigrations(sampleMigrations) { folder in
            try await withEmptyDatabase { reference in
                try await withEmptyDatabase { database in
                    let run = try await migrate("upgrade", "head", on: reference, from: folder)
                    #expect(run.status == 0, "\(run.errors)")
                    let up = try await migrate(
                        "upgrade", "head", "--sql", on: database, from: folder,
                        pipedInto: psql(on: database))
                    #expect(up.status == 0 && up.errors == "", "\(up.errors)")
                    #expect(try schema(of: database) == schema(of: reference))
                    #expect(try entries(of: database) == entries(of: reference))
                    #expect(try database.connect().query("SELECT third()") == [[";"]])
                    let down = try await migrate(
                        "downgrade", "head:-2", "--sql", on: nil, from: folder,
                        pipedInto: psql(on: database))
                    #expect(down.status == 0 && down.errors == "", "\(down.errors)")
                    #expect(
                        try await migrate("current", on: database, from: folder).output == "0001\n")
                }
            }
        }
    }

    @Test func `without a start it begins where the database is, and printing changes nothing`()
        async throws
    {
        try await withMigrations(sampleMigrations) { folder in
            try await withEmptyDatabase { database in
                let start = try await migrate(
                    "upgrade", "+1", "--sql", on: database, from: folder)
                #expect(start.status == 0 && start.output.contains("upgrade base -> 0001, first"))
                #expect(!start.output.contains("0002"))
                #expect(try tables(of: database) == [])
                _ = try await migrate("upgrade", "0001", on: database, from: folder)
                let rest = try await migrate(
                    "upgrade", "head", "--sql", on: database, from: folder)
                let ranged = try await migrate(
                    "upgrade", "0001:head", "--sql", on: nil, from: folder)
                #expect(rest.output.contains("upgrade 0001 -> 0002, index"))
                #expect(!rest.output.contains("base -> 0001"))
                #expect(rest.output == ranged.output)
                _ = try await migrate("upgrade", "head", on: database, from: folder)
                let nothing = try await migrate(
                    "upgrade", "head", "--sql", on: database, from: folder,
                    pipedInto: psql(on: database))
                #expect(nothing.status == 0 && nothing.errors == "")
            }
        }
    }

    @Test func `a script meets another database than it was made for, and changes nothing in it`()
        async throws
    {
        try await withEmptyDatabase { database in
            try database.connect().execute("CREATE TABLE alembic_version (version_num text)")
            for client in [psql(on: database), psqlHeedingNothing(on: database)] {
                let foreign = try await migrate(
                    "upgrade", "head", "--sql", on: nil, pipedInto: client)
                #expect(foreign.errors.contains("belongs to another program"))
                #expect(try tables(of: database) == ["alembic_version"])
            }
            let stopped = try await migrate(
                "upgrade", "head", "--sql", on: nil, pipedInto: psql(on: database))
            #expect(stopped.status == 3)
        }
        try await withTestDatabase { database in
            let before = try schema(of: database)
            let again = try await migrate(
                "upgrade", "base:head", "--sql", on: nil,
                pipedInto: psqlHeedingNothing(on: database))
            #expect(again.errors.contains("the database is not at base"))
            try database.connect().execute("UPDATE schema_migrations SET checksum = 'edited'")
            let down = try await migrate(
                "downgrade", "head:base", "--sql", on: nil,
                pipedInto: psqlHeedingNothing(on: database))
            #expect(down.errors.contains("or was made by edited migrations"))
            #expect(try schema(of: database) == before)
        }
    }

    @Test func `a script changes nothing while another run has the lock`() async throws {
        try await withEmptyDatabase { database in
            let holder = try database.connect()
            try holder.execute("SELECT pg_advisory_lock(\(Migrator.lockKey))")
            let ended = try await migrate(
                "upgrade", "head", "--sql", on: nil, pipedInto: psqlHeedingNothing(on: database))
            #expect(ended.errors.contains("another run of migrations has not ended"))
            #expect(try tables(of: database) == [])
            try holder.execute("SELECT 1")
        }
    }

    @Test func `a migration that ends its own transaction stops the script unrecorded`()
        async throws
    {
        let sly = "-- migrate:up\nCREATE TABLE half (a text); COMMIT;"
        try await withMigrations(["0001_sly.sql": sly]) { folder in
            try await withEmptyDatabase { database in
                let ended = try await migrate(
                    "upgrade", "head", "--sql", on: nil, from: folder,
                    pipedInto: psql(on: database))
                #expect(ended.status == 3)
                #expect(try entries(of: database) == [])
            }
        }
    }

    /// What the table of migrations holds but for the times.
    private func entries(of database: TestDatabase) throws -> [[String?]] {
        try database.connect().query(
            "SELECT revision, name, checksum FROM schema_migrations ORDER BY revision")
    }
}
