import Ambient
import Postgres
import PostgresTesting
import Testing
import Users
import UsersPostgres
import UsersTesting

@Suite("Changes of a user's roles in PostgreSQL")
struct RoleChangeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let held: [String]
        let change: RoleChange
        /// The roles afterwards; nil if nothing is written.
        let expected: [String]?

        init(_ name: String, _ held: [String], _ change: RoleChange, _ expected: [String]?) {
            testDescription = name
            self.held = held
            self.change = change
            self.expected = expected
        }
    }

    private static let new = RoleName(trusted: "new")

    @Test(arguments: [
        Case("the first", [], .grant(new), ["new"]),
        Case(
            "one among others", ["editor", "x-1_2"], .grant(new), ["editor", "new", "x-1_2"]),
        Case("one that is held", ["editor", "new"], .grant(new), nil),
        Case("the last", ["new"], .revoke(new), []),
        Case("one of many", ["editor", "new", "x-1_2"], .revoke(new), ["editor", "x-1_2"]),
        Case("one that is not held", ["editor"], .revoke(new), nil),
        Case("one that does not exist", ["editor"], .revoke(RoleName(trusted: "none")), nil),
        Case(
            "all others", ["editor"], .replace(RoleSet(trusted: [.member, new])),
            ["member", "new"]),
        Case("none", ["editor", "new"], .replace(RoleSet(trusted: [])), []),
        Case("the same", ["editor", "new"], .replace(RoleSet(trusted: [.editor, new])), nil),
        Case("none again", [], .replace(RoleSet(trusted: [])), nil),
        // As RoleSet sorts, not as a language does.
        Case(
            "sorted by octets", ["r-b", "r0", "r_a"], .grant(.editor),
            ["editor", "r-b", "r0", "r_a"]),
    ])
    func change(_ given: Case) async throws {
        var sample = try Sample.bareUser()
        sample.roles = RoleSet(trusted: given.held.map(RoleName.init(trusted:)))
        let user = sample
        try await withRepository { repository in
            try repository.database.addRoles(["r-b", "r0", "r_a"])
            _ = try await repository.users.insert(user, passwordHash: nil)
            var expected = user
            if let roles = given.expected {
                expected.roles = RoleSet(trusted: roles.map(RoleName.init(trusted:)))
                expected.updatedAt = Sample.time(after: 1)
                expected.version = 2
            }
            let changed = try await repository.users.changeRoles(
                of: user.id, by: given.change, if: WriteCondition(), at: Sample.time(after: 1))
            #expect(changed == (given.expected == nil ? nil : expected))
            #expect(try await repository.users.user(withID: user.id) == expected)
        }
    }

    @Test func `who is not there, deleted or in another version is not changed`() async throws {
        let user = try Sample.bareUser()
        try await withRepository { repository in
            func grant(_ id: UserID, _ version: Int64?) async throws -> User? {
                try await repository.users.changeRoles(
                    of: id, by: .grant(.member), if: WriteCondition(version: version),
                    at: Sample.time)
            }
            _ = try await repository.users.insert(user, passwordHash: nil)
            #expect(try await grant(Sample.id(9), nil) == nil)
            #expect(try await grant(user.id, 2) == nil)
            #expect(try await grant(user.id, 1)?.version == 2)
            _ = try await repository.users.markDeleted(user.id, expecting: nil, at: Sample.time)
            #expect(try await grant(user.id, nil) == nil)
        }
    }

    @Test func `a role that does not exist is not given in any way`() async throws {
        let user = try Sample.bareUser()
        let unknown = RoleSet(trusted: [.member, RoleName(trusted: "none")])
        var draft = try Sample.bareUser(2)
        draft.roles = unknown
        let other = draft
        var changes = UserChanges()
        changes.roles = .set(unknown)
        let wanted = changes
        try await withRepository { repository in
            _ = try await repository.users.insert(user, passwordHash: nil)
            let errors = [
                await failure { () throws(UserError) in
                    _ = try await repository.users.changeRoles(
                        of: user.id, by: .replace(unknown), if: WriteCondition(), at: Sample.time)
                },
                await failure { () throws(UserError) in
                    _ = try await repository.users.update(
                        user.id, wanted, expecting: nil, at: Sample.time)
                },
                await failure { () throws(UserError) in
                    _ = try await repository.users.insert(other, passwordHash: nil)
                },
            ]
            #expect(errors.map { $0?.kind } == Array(repeating: "unknownRole", count: 3))
            #expect(try await repository.users.user(withID: user.id) == user)
        }
    }

    @Test func `a seventeenth role is a fault of the roles`() async throws {
        var sample = try Sample.bareUser()
        sample.roles = RoleSet(trusted: (10..<26).map { RoleName(trusted: "r\($0)") })
        let user = sample
        try await withRepository { repository in
            try repository.database.addRoles(user.roles.names.map(\.rawValue))
            _ = try await repository.users.insert(user, passwordHash: nil)
            let error = await failure { () throws(UserError) in
                _ = try await repository.users.changeRoles(
                    of: user.id, by: .grant(.member), if: WriteCondition(), at: Sample.time)
            }
            guard case .invalid(let faults) = error else { throw Unexpected(error: error) }
            #expect(faults == [UserFault(.roles, RoleSet.tooMany)])
        }
    }

    @Test func `grants at once are all kept`() async throws {
        let user = try Sample.bareUser()
        let names = (10..<26).map { RoleName(trusted: "r\($0)") }
        try await withRepository { repository in
            try repository.database.addRoles(names.map(\.rawValue))
            _ = try await repository.users.insert(user, passwordHash: nil)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for name in names {
                    group.addTask {
                        _ = try await repository.users.changeRoles(
                            of: user.id, by: .grant(name), if: WriteCondition(), at: Sample.time)
                    }
                }
                try await group.waitForAll()
            }
            let stored = try await repository.users.user(withID: user.id)
            #expect(stored?.roles.names == names && stored?.version == 17)
        }
    }
}

extension RoleName {
    fileprivate static let editor = RoleName(trusted: "editor")
}

/// A test's complaint about an error that it cannot go on with.
private struct Unexpected: Error {
    let error: UserError?
}
