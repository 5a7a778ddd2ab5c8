import Ambient
import Postgres
import PostgresTesting
import Testing
import Users
import UsersPostgres
import UsersTesting

@Suite("Writes of those who are not allowed everything")
struct PermissionLimitTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let held: [String]
        let limit: PermissionSet?
        let isWithin: Bool
        var testDescription: String { "\(held) within \(String(describing: limit))" }

        init(_ held: [String], _ limit: PermissionSet?, _ isWithin: Bool) {
            self.held = held
            self.limit = limit
            self.isWithin = isWithin
        }
    }

    static let cases = [
        Case([], [], true), Case(["member"], [], true), Case(["plain"], [], true),
        Case(["reading"], [], false), Case(["reading"], [.usersRead], true),
        Case(["reading"], [.usersWrite, .rolesWrite], false), Case(["reading"], nil, true),
        Case(["member", "reading"], [.usersWrite], false),
        Case(["plain", "reading", "writing"], [.usersRead], false),
        Case(["plain", "reading", "writing"], [.usersRead, .usersWrite], true),
        Case(["admin"], [.usersRead, .usersWrite], false), Case(["admin"], .all, true),
        Case(["admin"], nil, true),
    ]

    private func withRoles(_ body: (TestRepository) async throws -> Void) async throws {
        try await withRepository { repository in
            try repository.database.addRoles(["plain"])
            try repository.database.addRoles(["reading"], [.usersRead])
            try repository.database.addRoles(["writing"], [.usersWrite])
            var administrator = try Sample.bareUser(99)
            administrator.roles = RoleSet(trusted: [.admin])
            _ = try await repository.users.insert(administrator, passwordHash: nil)
            try await body(repository)
        }
    }

    private func user(holding roles: [String]) throws -> User {
        var user = try Sample.bareUser()
        user.roles = RoleSet(trusted: roles.map(RoleName.init(trusted:)))
        return user
    }

    @Test(arguments: cases)
    func `nobody is changed who may do more`(_ given: Case) async throws {
        let user = try user(holding: given.held)
        let condition = WriteCondition(limit: given.limit)
        var renaming = UserChanges()
        renaming.displayName = .set(DisplayName(trusted: "B"))
        let changes = renaming
        try await withRoles { repository in
            let users = repository.users
            _ = try await users.insert(user, passwordHash: nil)
            let changed = try await users.update(
                user.id, changes, if: condition, at: Sample.time)
            #expect((changed != nil) == given.isWithin)
            let granted = try await users.changeRoles(
                of: user.id, by: .grant(RoleName(trusted: "new")), if: condition, at: Sample.time)
            #expect((granted != nil) == given.isWithin)
            let isDeleted = try await users.markDeleted(user.id, if: condition, at: Sample.time)
            #expect(isDeleted == given.isWithin)
            _ = try await users.markDeleted(user.id, expecting: nil, at: Sample.time)
            let restored = try await users.restore(user.id, if: condition, at: Sample.time)
            #expect((restored != nil) == given.isWithin)
            let isRemoved = try await users.remove(user.id, if: condition, at: Sample.time)
            #expect(isRemoved == given.isWithin)
        }
    }

    @Test(arguments: cases)
    func `nobody is given a role that allows more`(_ given: Case) async throws {
        let user = try user(holding: [])
        let roles = try self.user(holding: given.held).roles
        let condition = WriteCondition(limit: given.limit)
        var giving = UserChanges()
        giving.roles = .set(roles)
        let changes = giving
        try await withRoles { repository in
            let users = repository.users
            #expect(
                try await users.permissions(of: roles.names).isSubset(of: given.limit ?? .all)
                    == given.isWithin)
            _ = try await users.insert(user, passwordHash: nil)
            let changed = try await users.update(user.id, changes, if: condition, at: Sample.time)
            #expect((changed != nil) == given.isWithin)
            _ = try await users.changeRoles(
                of: user.id, by: .replace(RoleSet(trusted: [])), if: WriteCondition(),
                at: Sample.time)
            let replaced = try await users.changeRoles(
                of: user.id, by: .replace(roles), if: condition, at: Sample.time)
            #expect((replaced != nil) == (given.isWithin && !roles.names.isEmpty))
        }
    }

    @Test(arguments: cases)
    func `nobody is made who may do more`(_ given: Case) async throws {
        let user = try user(holding: given.held)
        let attempt = RegistrationAttempt(
            name: Array(repeating: 1, count: 32), content: Array(repeating: 2, count: 32))
        let reservation = RegistrationAttempt.Reservation(of: attempt, at: Sample.time)
        try await withRoles { repository in
            let inserted = await failure { () throws(UserError) in
                _ = try await repository.users.insert(
                    user, passwordHash: nil, within: given.limit)
            }
            #expect(inserted?.kind == (given.isWithin ? nil : "outranked"))
            _ = try await repository.users.remove(user.id, expecting: nil, at: Sample.time)
            _ = try await repository.users.reserve(reservation)
            let completed = await failure { () throws(UserError) in
                _ = try await repository.users.insert(
                    user, passwordHash: nil, within: given.limit, completing: reservation)
            }
            #expect(completed?.kind == (given.isWithin ? nil : "outranked"))
            let stored = try await repository.users.user(withID: user.id)
            #expect(stored == (given.isWithin ? user : nil))
        }
    }

    @Test func `who gets a role meanwhile is not changed`() async throws {
        let user = try user(holding: ["member"])
        var renaming = UserChanges()
        renaming.displayName = .set(DisplayName(trusted: "B"))
        let changes = renaming
        try await withRoles { repository in
            _ = try await repository.users.insert(user, passwordHash: nil)
            let rival = try repository.database.connect()
            // The role is new, too, so that no snapshot of before knows it.
            try rival.execute(
                """
                BEGIN;
                INSERT INTO roles (created_at, updated_at, access_epoch, name, permissions)
                VALUES (now(), now(), 0, 'late', '{roles:write}');
                UPDATE users SET roles = '{late}' WHERE id = '\(user.id.uuid)'
                """)
            async let changed = repository.users.update(
                user.id, changes, if: WriteCondition(limit: [.usersWrite]), at: Sample.time)
            try await repository.waitForBlockedSessions()
            try rival.execute("COMMIT")
            #expect(try await changed == nil)
        }
    }
}
