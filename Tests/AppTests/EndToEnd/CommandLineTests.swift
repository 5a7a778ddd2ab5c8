import Glibc
import HTTPTesting
import Postgres
import PostgresTesting
import Testing

@testable import App

@Suite("The executable")
struct CommandLineTests {
    @Test(arguments: [
        (["DATABASE_URL": ""], ["DATABASE_URL is not set"]),
        (
            ["DATABASE_URL": "mysql://app:s3cret@db/users", "PORT": "0"], ["DATABASE_URL: "]
        ),
        (
            ["DATABASE_URL": "postgresql://db/users", "PORT": "x", "LOG_LEVEL": "loud"],
            ["PORT: \"x\" is refused", "LOG_LEVEL: \"loud\" is refused"]
        ),
        (
            [
                "DATABASE_URL": "postgresql:///users", "PORT": "0", "EVENT_LOOPS": "4",
                "DATABASE_POOL_SIZE": "3",
            ], ["EVENT_LOOPS: 4 is refused"]
        ),
    ])
    func `what it cannot begin with ends it with status 2 and a line for each fault`(
        _ variables: [String: String], _ expected: [String]
    ) async throws {
        let ended = try await Executable(["serve"], variables).run()
        #expect(ended.status == 2)
        #expect(ended.errors.split(separator: "\n").count == expected.count)
        for text in expected { #expect(ended.errors.contains(text)) }
        #expect(!(ended.errors + ended.output).contains("s3cret"))
    }

    @Test func `a port in use ends it with status 2 and one line`() async throws {
        try await withApplication { application, database in
            let variables = [
                "DATABASE_URL": database.connectionString, "PORT": "\(application.port)",
            ]
            let ended = try await Executable(["serve"], variables).run()
            #expect(ended.status == 2)
            #expect(ended.errors.contains("port \(application.port) is in use"))
            #expect(ended.errors.split(separator: "\n").count == 1)
        }
    }

    @Test func `migrate upgrades, tells where it is, and downgrades`() async throws {
        try await withEmptyDatabase { database in
            func migrate(_ arguments: String...) async throws -> Executable.Ended {
                let variables = [
                    "DATABASE_URL": database.connectionString,
                    "MIGRATIONS_DIRECTORY": "\(repositoryFolder)/migrations",
                ]
                return try await Executable(["migrate"] + arguments, variables).run()
            }
            let head = "\(BuildInformation.requiredRevision) (head)\n"
            #expect(try await migrate("check").status == 1)
            let upgraded = try await migrate("upgrade", "head")
            #expect(
                upgraded.status == 0 && upgraded.output.contains("Running upgrade base -> 0001"))
            #expect(try await migrate("current").output == head)
            #expect(try await migrate("check").status == 0)
            #expect(try await migrate("history").output.contains("(head) (current)"))
            #expect(try await migrate("upgrade", "head").output == "")
            #expect(try await migrate("downgrade", "base").status == 0)
            #expect(try await migrate("current").output == "base\n")
            let unknown = try await migrate("upgrade", "9999")
            #expect(unknown.status == 2 && unknown.errors.split(separator: "\n").count == 1)
        }
    }

    @Test func `healthcheck tells by its status whether the service is healthy`() async throws {
        try await withApplication { application, _ in
            let variables = ["PORT": "\(application.port)"]
            // On a busy machine an answer may take longer than its patience.
            let isHealthy = await eventually {
                (try? await Executable(["healthcheck"], variables).run().status) == 0
            }
            #expect(isHealthy)
        }
        let unreachable = try await Executable(["healthcheck"], ["PORT": "1"]).run()
        #expect(unreachable.status == 1 && !unreachable.errors.isEmpty)
    }

    @Test func `SIGTERM drains it and ends it with status 0`() async throws {
        try await withTestDatabase { database in
            let service = try Executable(
                ["serve"],
                [
                    "DATABASE_URL": database.connectionString, "PORT": "0",
                    "SHUTDOWN_DELAY": "0s",
                ])
            // It says so once it serves, and takes signals from then on.
            try await service.waitForOutput("Serving")
            service.signal(SIGTERM)
            let ended = try await service.run()
            #expect(ended.status == 0 && ended.output.contains("Stopped"))
        }
    }

    @Test func `the last migration of the folder is the one that the build needs`() async throws {
        try await withTestDatabase { database in
            let applied = try database.connect()
                .query("SELECT max(revision) FROM schema_migrations")
            #expect(applied[0][0] == "\(BuildInformation.requiredRevision)")
        }
    }
}
