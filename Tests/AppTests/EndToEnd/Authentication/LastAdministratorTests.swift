import HTTPTesting
import Postgres
import PostgresTesting
import Testing

@testable import App

@Suite("The last administrator")
struct LastAdministratorTests {
    /// What takes an administrator away: a method, the rest of the path, and content.
    static let removals: [(String, String, String?)] = [
        ("PATCH", "", #"{"status":"disabled"}"#), ("PATCH", "", #"{"roles":["member"]}"#),
        ("PUT", "", #"{"email":"x@example.com","display_name":"X","status":"disabled"}"#),
        ("PUT", "/roles", #"{"roles":["member"]}"#), ("DELETE", "/roles/admin", nil),
        ("DELETE", "", nil), ("DELETE", "?mode=hard", nil),
    ]

    private func count(in database: TestDatabase) throws -> String? {
        try database.connect().query(
            """
            SELECT count(*) FROM users
            WHERE roles @> '{admin}' AND status = 'active' AND deleted_at IS NULL
            """)[0][0]
    }

    @Test func `is neither disabled, demoted nor deleted, by nobody`() async throws {
        try await withApplication { application, database in
            for (method, rest, json) in Self.removals {
                for path in ["/users/me", "/users/\(TestAdministrator.id)"] {
                    let answer = try await application.send("\(method) \(path)\(rest)", json)
                    #expect(answer.status == 409, "\(method) \(rest): \(answer.text)")
                    #expect(answer.string("code") == "last_administrator")
                }
            }
            #expect(try count(in: database) == "1")
            #expect(try await application.send("GET /users").status == 200)
        }
    }

    @Test func `may change in other ways, and go when there is another`() async throws {
        try await withApplication { application, database in
            let name = try await application.send("PATCH /users/me", #"{"display_name":"Chief"}"#)
            #expect(name.status == 200)
            try database.connect().add(roles: ["admin"])
            #expect(try await application.send("DELETE /users/me").status == 204)
            #expect(try count(in: database) == "1")
        }
    }

    @Test func `of all who are taken away at the same time one stays`() async throws {
        try await withApplication { application, database in
            let connection = try database.connect()
            // Who may do all that an administrator may, and is none.
            try connection.addRole("chief", "users:read", "users:write", "roles:write")
            let chief = try await application.session(of: try connection.add(roles: ["chief"]))
            for _ in 0..<5 {
                let present = try connection.query(
                    """
                    SELECT id FROM users
                    WHERE roles @> '{admin}' AND status = 'active' AND deleted_at IS NULL
                    """
                ).compactMap(\.[0])
                #expect(present.count == 1)
                let others = try (1..<Self.removals.count).map { _ in
                    try connection.add(roles: ["admin"]).id
                }
                let statuses = try await withThrowingTaskGroup { group in
                    for (id, removal) in zip(present + others, Self.removals) {
                        let (method, rest, json) = removal
                        let own = json?.replacing("x@", with: "\(id)@")
                        group.addTask {
                            try await application.send(
                                "\(method) /users/\(id)\(rest)", own, as: chief.caller
                            ).status
                        }
                    }
                    return try await group.reduce(into: [Int]()) { $0.append($1) }
                }
                #expect(statuses.filter { $0 == 409 }.count == 1, "\(statuses)")
                #expect(statuses.filter { [200, 204].contains($0) }.count == statuses.count - 1)
                #expect(try count(in: database) == "1")
            }
        }
    }
}
