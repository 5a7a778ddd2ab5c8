import FoundationEssentials
import HTTPTesting
import JSON
import Postgres
import PostgresTesting
import Testing

@testable import App

@Suite("The first administrator")
struct FirstAdministratorTests {
    private static let password = "seven quiet otters swim"
    private static let boot = TestUser(id: "", email: "boot@example.com")
    private static let variables = [
        "BOOTSTRAP_ADMIN_EMAIL": boot.email, "BOOTSTRAP_ADMIN_PASSWORD": password,
    ]

    /// The addresses of all administrators.
    private func administrators(of database: TestDatabase) throws -> [String?] {
        try database.connect().query(
            "SELECT email FROM users WHERE roles @> '{admin}' ORDER BY email"
        ).map { $0[0] }
    }

    private func canLogIn(
        _ application: TestApplication, _ email: String = boot.email
    ) async -> Bool {
        await eventually { (try? await application.logIn(email, Self.password).status) == 200 }
    }

    @Test func `is made from the environment, once, with all permissions`() async throws {
        try await withTestDatabase { database in
            for variables in [Self.variables, Self.variables] {
                try await withApplication(at: database.connectionString, variables) { application in
                    #expect(await canLogIn(application))
                    let session = try await application.session(of: Self.boot, Self.password)
                    let list = try await application.send("GET /roles", as: session.caller)
                    #expect(list.status == 200)
                    let user = try await application.send("GET /users/me", as: session.caller)
                    #expect(user.object["roles"] == ["admin", "member"])
                }
            }
            #expect(try administrators(of: database) == [Self.boot.email])
        }
    }

    @Test func `is not made where there is one`() async throws {
        try await withTestDatabase { database in
            try await withApplication(on: database, Self.variables) { application in
                #expect(try await application.send("GET /users").status == 200)
                let answer = try await application.logIn(Self.boot.email, Self.password)
                #expect(answer.status == 401)
            }
            #expect(try administrators(of: database) == [TestAdministrator.email])
        }
    }

    @Test func `is made when the only one there was is disabled`() async throws {
        try await withTestDatabase { database in
            try database.connect().add(roles: ["admin"], status: "disabled")
            try await withApplication(at: database.connectionString, Self.variables) {
                #expect(await canLogIn($0))
            }
        }
    }

    @Test func `has a password from a file`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "password-\(UUID())")
        try Data("\(Self.password)\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let variables = [
            "BOOTSTRAP_ADMIN_EMAIL": Self.boot.email, "BOOTSTRAP_ADMIN_PASSWORD_FILE": file.path,
        ]
        try await withTestDatabase { database in
            try await withApplication(at: database.connectionString, variables) {
                #expect(await canLogIn($0))
            }
        }
    }

    @Test func `of two processes that begin at the same time one makes it`() async throws {
        try await withTestDatabase { database in
            try await withThrowingTaskGroup { group in
                for email in ["a@example.com", "b@example.com"] {
                    let variables = Self.variables.merging(["BOOTSTRAP_ADMIN_EMAIL": email]) { $1 }
                    group.addTask {
                        try await withApplication(at: database.connectionString, variables) { _ in
                            let isMade = await eventually {
                                (try? administrators(of: database).isEmpty) == false
                            }
                            #expect(isMade)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try administrators(of: database).count == 1)
        }
    }

    @Test(arguments: ["otters", "boot@example.com", "passwordpassword"])
    func `is not made with a bad password, and the service does not start`(
        _ password: String
    ) async throws {
        let variables = Self.variables.merging([
            "BOOTSTRAP_ADMIN_PASSWORD": password, "DATABASE_URL": "postgresql://127.0.0.1:1/users",
            "PORT": "0",
        ]) { $1 }
        let ended = try await Executable(["serve"], variables).run()
        #expect(ended.status == 2 && ended.errors.contains("BOOTSTRAP_ADMIN_PASSWORD: "))
        #expect(ended.errors.split(separator: "\n").count == 1, "\(ended.errors)")
        #expect(!ended.errors.contains(password))
        await #expect(throws: StartFailure.self) {
            try await withApplication(at: "postgresql://127.0.0.1:1/users", variables) { _ in }
        }
    }

    @Test func `is made by a command that reads the password`() async throws {
        try await withTestDatabase { database in
            func create(_ email: String, _ input: String) async throws -> Executable.Ended {
                try await Executable(
                    ["admin", "create", "--email", email, "--display-name", "Chief"],
                    ["DATABASE_URL": database.connectionString], reading: input
                ).run()
            }
            let made = try await create(Self.boot.email, Self.password + "\n")
            #expect(made.status == 0 && made.errors.isEmpty, "\(made.errors)")
            let ids = try database.connect().query("SELECT id, display_name FROM users")
            #expect(ids == [[made.output.split(separator: "\n").first.map(String.init), "Chief"]])
            // Another one is, too: whoever runs it has the database.
            #expect(try await create("b@example.com", Self.password).status == 0)
            for (email, input, text) in [
                (Self.boot.email, Self.password, "has this address already"),
                ("c@example.com", "", "no password"), ("c@example.com", "otters\n", "15"),
                ("c", Self.password, "@"),
            ] {
                let ended = try await create(email, input)
                #expect(ended.status != 0 && ended.errors.contains(text), "\(ended.errors)")
                #expect(!ended.errors.contains(Self.password) && ended.output.isEmpty)
            }
            #expect(try administrators(of: database) == ["b@example.com", Self.boot.email])
            try await withApplication(at: database.connectionString) {
                #expect(await canLogIn($0))
            }
        }
    }
}
