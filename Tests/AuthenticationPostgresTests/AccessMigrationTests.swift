import Authentication
import AuthenticationTesting
import Migrations
import PostgresTesting
import Testing

@Suite("The migration to roles and sessions")
struct AccessMigrationTests {
    @Test func `it keeps users and their roles, down and up again`() async throws {
        try await withRepository { repository in
            try await repository.add(1, roles: ["admin", "member"])
            try await repository.add(2, roles: ["editor", "member"])
            try await repository.add(3, roles: [])
            _ = try await repository.begin()
            let users = """
                SELECT id, email, roles, status, password_hash, version FROM users ORDER BY id
                """
            let before = try repository.query(users)
            let migrator = try Migrator(repository.database.connect(), repositoryMigrations())
            let head = try migrator.current()
            try migrator.downgrade(to: .steps(1))
            #expect(try repository.query(users) == before)
            try migrator.upgrade(to: .head)
            #expect(try migrator.current() == head)
            #expect(try repository.query(users) == before)
            #expect(
                try repository.query("SELECT name, permissions FROM roles ORDER BY name") == [
                    ["admin", "{users:read,users:write,roles:write}"], ["editor", "{}"],
                    ["member", "{}"],
                ])
            #expect(try repository.sessionCount() == 0)
            let grant = try await repository.begin(2, of: .sample(2))
            #expect(grant?.epoch == 0)
        }
    }
}
