import PostgresTesting
import Testing

@testable import App

@Suite("user-management migrate")
struct MigrateProcessTests {
    private func migrate(
        _ arguments: String..., on address: String
    ) async throws -> Executable.Ended {
        let variables = [
            "DATABASE_URL": address, "MIGRATIONS_DIRECTORY": "\(repositoryFolder)/migrations",
        ]
        return try await Executable(["migrate"] + arguments, variables).run()
    }

    @Test func `steps go one up and one down`() async throws {
        try await withEmptyDatabase { database in
            let address = database.connectionString
            let up = try await migrate("upgrade", "+1", on: address)
            #expect(up.status == 0 && up.errors.isEmpty)
            #expect(try await migrate("current", on: address).output == "0001 (head)\n")
            let history = try await migrate("history", on: address)
            #expect(history.output.hasPrefix("base -> 0001 (head) (current)"))
            let down = try await migrate("downgrade", "-1", on: address)
            #expect(down.status == 0 && down.errors.isEmpty)
            #expect(try await migrate("current", on: address).output == "base\n")
            let again = try await migrate("downgrade", "-1", on: address)
            #expect(again.status == 1)
        }
    }

    @Test(arguments: [
        ["upgrade", "head"], ["downgrade", "base"], ["current"], ["history"], ["check"],
    ])
    func `without the database each verb fails with status 1, in one line without the password`(
        _ arguments: [String]
    ) async throws {
        let variables = [
            "DATABASE_URL": "postgresql://app:hunter2@127.0.0.1:1/users",
            "MIGRATIONS_DIRECTORY": "\(repositoryFolder)/migrations",
        ]
        let ended = try await Executable(["migrate"] + arguments, variables).run()
        #expect(ended.status == 1)
        #expect(ended.errors.split(separator: "\n").count == 1, "\(ended.errors)")
        #expect(ended.errors.hasPrefix("user-management: "))
        #expect(!(ended.errors + ended.output).contains("hunter2"))
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

    @Test func `a folder without migrations is told`() async throws {
        try await withEmptyDatabase { database in
            let ended = try await Executable(
                ["migrate", "upgrade", "head"],
                [
                    "DATABASE_URL": database.connectionString,
                    "MIGRATIONS_DIRECTORY": "/nonexistent",
                ]
            ).run()
            #expect(ended.status == 1)
            #expect(ended.errors.contains("/nonexistent"))
            #expect(ended.errors.split(separator: "\n").count == 1, "\(ended.errors)")
        }
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
        ] {
            let misuse = try await Executable(arguments, [:]).run()
            #expect(misuse.status == 64 && misuse.errors.contains("Usage:"), "\(arguments)")
        }
    }
}
