import Postgres
import PostgresTesting
import Testing
import Users
import UsersPostgres
import UsersTesting

@Suite("Filling search texts")
struct SearchTextFillingTests {
    @Test func `users of SQL get the text that the service would have made`() async throws {
        try await withRepository { repository in
            let odd = try Sample.bareUser(1, email: "a'b{}@Bücher.example")
            let users = [
                try Sample.fullUser(), odd,
                try Sample.bareUser(3),
            ]
            for user in users {
                _ = try await repository.users.insert(user, passwordHash: nil)
            }
            _ = try await repository.users.markDeleted(
                users[2].id, expecting: nil, at: Sample.time)
            let connection = try repository.database.connect()
            try connection.execute(
                #"UPDATE users SET display_name = '"\,{}É' WHERE id = '\#(odd.id.uuid)'"#)
            let before = try connection.query("SELECT version, updated_at FROM users ORDER BY id")
            try connection.execute("UPDATE users SET search_text = ''")
            #expect(try SearchTextFilling(repository.database.connect()).run() == 3)
            let filled = try connection.query("SELECT id, search_text FROM users ORDER BY id")
            let expected = users.sorted { $0.id < $1.id }.map { user in
                let name =
                    user.id == odd.id ? DisplayName(trusted: #""\,{}É"#) : user.displayName
                return [
                    "\(user.id.uuid)", SearchText(displayName: name, email: user.email).rawValue,
                ]
            }
            #expect(filled == expected)
            #expect(
                try connection.query("SELECT version, updated_at FROM users ORDER BY id") == before)
            #expect(try SearchTextFilling(repository.database.connect()).run() == 0)
        }
    }

    @Test func `many users are filled part by part`() async throws {
        try await withTestDatabase { database in
            let connection = try database.connect()
            try connection.execute(
                """
                INSERT INTO users (id, created_at, updated_at, version, email_verified, status,
                    email, email_key, display_name, roles, metadata, admin_metadata)
                SELECT gen_random_uuid(), now(), now(), 1, false, 'active', n || '@A.example',
                    n || '@a.example', 'Ä', '{}', '{}', '{}'
                FROM generate_series(1, 2500) AS n
                """)
            #expect(try SearchTextFilling(database.connect()).run() == 2_500)
            #expect(
                try connection.query(
                    "SELECT count(*) FROM users WHERE search_text = E'a\\n' || email_key")
                    == [["2500"]])
        }
    }

    @Test func `a database of an earlier build has nothing to fill`() async throws {
        try await withTestDatabase { database in
            try database.connect().execute("ALTER TABLE users DROP COLUMN search_text")
            #expect(try SearchTextFilling(database.connect()).run() == 0)
            try database.connect().execute("DROP TABLE users CASCADE")
            #expect(try SearchTextFilling(database.connect()).run() == 0)
        }
    }
}
