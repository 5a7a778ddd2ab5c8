import Ambient
import Postgres
import PostgresTesting
import Testing
import Users
import UsersPostgres
import UsersTesting

@Suite("The last administrator")
struct LastAdministratorTests {
    /// Ways not to be an administrator any more.
    enum Way: CaseIterable, Sendable {
        case disabling, change, revocation, deletion, removal

        func take(_ id: UserID, in users: PostgresUserRepository) async throws(UserError) {
            var changes = UserChanges()
            switch self {
            case .disabling:
                changes.status = .set(.disabled)
                _ = try await users.update(id, changes, expecting: nil, at: Sample.time)
            case .change:
                changes.roles = .set(.initial)
                _ = try await users.update(id, changes, expecting: nil, at: Sample.time)
            case .revocation:
                _ = try await users.changeRoles(
                    of: id, by: .revoke(.admin), if: WriteCondition(), at: Sample.time)
            case .deletion:
                _ = try await users.markDeleted(id, expecting: nil, at: Sample.time)
            case .removal:
                _ = try await users.remove(id, expecting: nil, at: Sample.time)
            }
        }
    }

    private func administrator(_ number: Int, _ status: UserStatus = .active) throws -> User {
        var user = try Sample.bareUser(number)
        user.roles = RoleSet(trusted: [.admin])
        user.status = status
        return user
    }

    @Test(arguments: Way.allCases)
    func `it stays one`(_ way: Way) async throws {
        let user = try administrator(1)
        // Who is disabled or deleted is none that counts.
        let (disabled, deleted) = (try administrator(2, .disabled), try administrator(3))
        let next = try administrator(4)
        try await withRepository { repository in
            for user in [user, disabled, deleted] {
                _ = try await repository.users.insert(user, passwordHash: nil)
            }
            _ = try await repository.users.markDeleted(
                deleted.id, expecting: nil, at: Sample.time)
            let error = await failure { () throws(UserError) in
                try await way.take(user.id, in: repository.users)
            }
            #expect(error?.kind == "lastAdministrator")
            #expect(try await repository.users.user(withID: user.id) == user)
            _ = try await repository.users.insert(next, passwordHash: nil)
            try await way.take(user.id, in: repository.users)
            #expect(try await repository.users.user(withID: user.id) != user)
            // Those who are none any more may go.
            for id in [disabled.id, deleted.id] {
                #expect(try await repository.users.remove(id, expecting: nil, at: Sample.time))
            }
        }
    }

    @Test(arguments: Way.allCases)
    func `of two who go at once, one stays`(_ way: Way) async throws {
        try await withRepository { repository in
            for round in 0..<5 {
                let pair = [try administrator(2 * round), try administrator(2 * round + 1)]
                for user in pair {
                    _ = try await repository.users.insert(user, passwordHash: nil)
                }
                async let first = failure { () throws(UserError) in
                    try await way.take(pair[0].id, in: repository.users)
                }
                async let second = failure { () throws(UserError) in
                    try await way.take(pair[1].id, in: repository.users)
                }
                let kinds = await [first, second].map { $0?.kind }
                #expect(kinds.count { $0 == nil } == 1)
                #expect(kinds.count { $0 == "lastAdministrator" } == 1)
                let left = try repository.row(
                    """
                    SELECT count(*) FROM users
                    WHERE roles @> '{admin}' AND status = 'active' AND deleted_at IS NULL
                    """)
                #expect(left == ["1"])
                try repository.database.connect().execute(
                    """
                    ALTER TABLE users DISABLE TRIGGER USER; DELETE FROM users;
                    ALTER TABLE users ENABLE TRIGGER USER
                    """)
            }
        }
    }
}
