import Postgres
import PostgresTesting
import Testing
import Users
import UsersPostgres
import UsersTesting

@Suite("The column that is searched")
struct SearchTextColumnTests {
    private let name = DisplayName(trusted: "Émile Ångström")

    private func changes(
        name: DisplayName? = nil, email: EmailAddress? = nil
    ) -> UserChanges {
        var changes = UserChanges()
        if let name { changes.displayName = .set(name) }
        if let email { changes.email = .set(email) }
        return changes
    }

    private func searchText(in repository: TestRepository) throws -> String? {
        try repository.row("SELECT search_text FROM users")[0]
    }

    @Test func `it follows the name and the address`() async throws {
        try await withRepository { repository in
            let user = try Sample.fullUser()
            _ = try await repository.users.insert(user, passwordHash: nil)
            func expect(_ name: DisplayName, _ email: EmailAddress) throws {
                #expect(
                    try searchText(in: repository)
                        == SearchText(displayName: name, email: email).rawValue)
            }
            try expect(user.displayName, user.email)
            let email = try EmailAddress(parsing: "Other@Bücher.Example")
            for change in [
                changes(name: name), changes(email: email),
                changes(name: user.displayName, email: user.email),
            ] {
                let stored = try #require(
                    await repository.users.update(
                        user.id, change, expecting: nil, at: Sample.time))
                try expect(stored.displayName, stored.email)
            }
            _ = try await repository.users.update(
                user.id, UserChanges(status: .active), expecting: nil, at: Sample.time)
            try expect(user.displayName, user.email)
        }
    }

    @Test func `one that is not filled yet is not half filled`() async throws {
        try await withRepository { repository in
            let user = try Sample.fullUser()
            _ = try await repository.users.insert(user, passwordHash: nil)
            try repository.database.connect().execute("UPDATE users SET search_text = ''")
            _ = try await repository.users.update(
                user.id, changes(name: name), expecting: nil, at: Sample.time)
            #expect(try searchText(in: repository) == "")
        }
    }
}

extension UserChanges {
    fileprivate init(status: UserStatus) {
        self.init()
        self.status = .set(status)
    }
}
