import Ambient
import Postgres
import PostgresTesting
import Testing
import Users
import UsersPostgres
import UsersTesting

@Suite("Roles in PostgreSQL")
struct RoleRepositoryTests {
    private let support = RoleName(trusted: "support")

    private func role(_ permissions: PermissionSet = [.usersRead, .rolesWrite]) -> Role {
        Role(
            name: support, permissions: permissions, createdAt: Sample.time,
            updatedAt: Sample.time(after: 1))
    }

    @Test func `a role is kept as it is, by name`() async throws {
        try await withRepository { repository in
            #expect(try await repository.roles.insert(role()))
            #expect(try await repository.roles.role(named: support) == role())
            #expect(try await repository.roles.role(named: RoleName(trusted: "none")) == nil)
            let names = try await repository.roles.roles().map(\.name.rawValue)
            #expect(names == ["admin", "editor", "member", "new", "support", "x-1_2"])
            let administrator = try await repository.roles.role(named: .admin)
            #expect(administrator?.permissions == .all)
            let again = await failure { () throws(UserError) in
                _ = try await repository.roles.insert(role([]))
            }
            #expect(again?.kind == "roleExists")
        }
    }

    @Test func `there are so many roles and no more`() async throws {
        try await withRepository { repository in
            try repository.database.connect().execute(
                """
                INSERT INTO roles (created_at, updated_at, access_epoch, name, permissions)
                SELECT now(), now(), 0, 'r' || n, '{}'
                FROM generate_series(1, \(Role.countMax) - (SELECT count(*) FROM roles) - 1) AS n
                """)
            #expect(try await repository.roles.insert(role()))
            let next = Role(
                name: RoleName(trusted: "next"), permissions: [], createdAt: Sample.time,
                updatedAt: Sample.time)
            #expect(try await !repository.roles.insert(next))
            #expect(try await repository.roles.roles().count == Role.countMax)
        }
    }

    @Test(
        arguments: [
            (nil, true), ([.usersRead, .rolesWrite], true), (.all, true), ([.usersRead], false),
            ([], false),
        ] as [(PermissionSet?, Bool)])
    func `it is changed and removed within a limit`(
        _ limit: PermissionSet?, _ isWithin: Bool
    ) async throws {
        try await withRepository { repository in
            _ = try await repository.roles.insert(role())
            let changed = try await repository.roles.update(
                support, [.usersWrite, .rolesWrite, .usersRead], within: limit,
                at: Sample.time(after: 2))
            var expected = role(.all)
            expected.updatedAt = Sample.time(after: 2)
            #expect(changed == (isWithin ? expected : nil))
            let kept = try await repository.roles.role(named: support)
            #expect(kept == (isWithin ? expected : role()))
            _ = try await repository.roles.update(
                support, role().permissions, within: nil, at: Sample.time)
            #expect(try await repository.roles.remove(support, within: limit) == isWithin)
            #expect(try await (repository.roles.role(named: support) == nil) == isWithin)
        }
    }

    @Test func `what is not there is neither changed nor removed`() async throws {
        try await withRepository { repository in
            let changed = try await repository.roles.update(
                support, [], within: nil, at: Sample.time)
            #expect(changed == nil)
            #expect(try await !repository.roles.remove(support, within: nil))
        }
    }

    @Test func `the table keeps the built-in roles`() async throws {
        try await withRepository { repository in
            let changed = await failure { () throws(UserError) in
                _ = try await repository.roles.update(.admin, [], within: nil, at: Sample.time)
            }
            #expect(changed?.kind == "roleBuiltIn")
            for name in [RoleName.admin, .member] {
                let removed = await failure { () throws(UserError) in
                    _ = try await repository.roles.remove(name, within: nil)
                }
                #expect(removed?.kind == "roleInUse")
            }
        }
    }

    @Test func `a role that somebody holds stays, even if that one is deleted`() async throws {
        var user = try Sample.bareUser()
        user.roles = RoleSet(trusted: [support])
        let holder = user
        try await withRepository { repository in
            _ = try await repository.roles.insert(role())
            _ = try await repository.users.insert(holder, passwordHash: nil)
            for _ in 0..<2 {
                let error = await failure { () throws(UserError) in
                    _ = try await repository.roles.remove(support, within: nil)
                }
                #expect(error?.kind == "roleInUse")
                _ = try await repository.users.markDeleted(
                    holder.id, expecting: nil, at: Sample.time)
            }
            _ = try await repository.users.remove(holder.id, expecting: nil, at: Sample.time)
            #expect(try await repository.roles.remove(support, within: nil))
        }
    }

    @Test func `of a deletion and grants at once, there is one or the other`() async throws {
        try await withRepository { repository in
            for number in 0..<10 {
                let user = try Sample.bareUser(number)
                _ = try await repository.users.insert(user, passwordHash: nil)
                _ = try await repository.roles.insert(role())
                async let grant = failure { () throws(UserError) in
                    _ = try await repository.users.changeRoles(
                        of: user.id, by: .grant(support), if: WriteCondition(), at: Sample.time)
                }
                async let deletion = failure { () throws(UserError) in
                    _ = try await repository.roles.remove(support, within: nil)
                }
                let kinds = await [grant?.kind, deletion?.kind]
                #expect(kinds == [nil, "roleInUse"] || kinds == ["unknownRole", nil])
                let held = try await repository.users.user(withID: user.id)?.roles.names
                let isThere = try await repository.roles.role(named: support) != nil
                #expect(held == (isThere ? [support] : []))
                _ = try await repository.users.remove(user.id, expecting: nil, at: Sample.time)
                _ = try await repository.roles.remove(support, within: nil)
            }
        }
    }
}
