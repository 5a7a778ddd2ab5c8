import Postgres
import PostgresTesting
import Testing
import Users
import UsersPostgres
import UsersTesting

@Suite("Changes of users that share a commit")
struct WriteBatchingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// A change of the user with the version 41.
        var change: @Sendable (inout UserChanges) -> Void = { $0.locale = .set(nil) }
        var id = Sample.id(2)
        var version: Int64? = 41
        /// Whether it is left to a statement alone, whose answer counts.
        let isRunAlone: Bool
    }

    @Test(arguments: [
        Case(
            testDescription: "what is not unique",
            change: {
                $0.displayName = .set(DisplayName(trusted: "B"))
                $0.timeZone = .set(nil)
                $0.metadata = .set(.empty)
                $0.adminMetadata = .set(.empty)
            }, isRunAlone: false),
        Case(testDescription: "without a condition", version: nil, isRunAlone: false),
        Case(testDescription: "in another version", version: 40, isRunAlone: true),
        Case(testDescription: "of nobody", id: Sample.id(3), isRunAlone: true),
        Case(
            testDescription: "of an address", change: { $0.email = .set(UpdateTests.newEmail) },
            isRunAlone: true),
        Case(
            testDescription: "of a status", change: { $0.status = .set(.active) },
            isRunAlone: true),
        Case(
            testDescription: "of roles", change: { $0.roles = .set(.initial) }, isRunAlone: true),
        Case(
            testDescription: "of an external id", change: { $0.externalID = .set(nil) },
            isRunAlone: true),
    ])
    func change(_ given: Case) async throws {
        var changes = UserChanges()
        given.change(&changes)
        try await withBatchingRepository { repository in
            _ = try await repository.users.insert(Sample.fullUser(), passwordHash: nil)
            _ = try await repository.users.update(
                given.id, changes, expecting: given.version, at: Sample.time)
            #expect(await repository.pool.statistics.writesAlone == (given.isRunAlone ? 1 : 0))
        }
    }

    @Test(
        arguments: [
            ([.usersRead, .usersWrite], true), ([.usersWrite], false), (nil, true),
        ] as [(PermissionSet?, Bool)])
    func `who is allowed more than the caller is left to a statement alone`(
        _ limit: PermissionSet?, _ isWithin: Bool
    ) async throws {
        var user = try Sample.bareUser(2)
        user.roles = RoleSet(trusted: [RoleName(trusted: "reading")])
        let holder = user
        var changes = UserChanges()
        changes.locale = .set(nil)
        let wanted = changes
        let condition = WriteCondition(limit: limit)
        try await withBatchingRepository { repository in
            try repository.database.addRoles(["reading"], [.usersRead])
            _ = try await repository.users.insert(holder, passwordHash: nil)
            let changed = try await repository.users.update(
                holder.id, wanted, if: condition, at: Sample.time)
            let isDeleted = try await repository.users.markDeleted(
                holder.id, if: condition, at: Sample.time)
            #expect((changed != nil) == isWithin && isDeleted == isWithin)
            #expect(await repository.pool.statistics.writesAlone == (isWithin ? 0 : 2))
        }
    }

    @Test func `a deletion of an administrator, who may be the last one, is run alone`()
        async throws
    {
        try await withBatchingRepository { repository in
            _ = try await repository.users.insert(Sample.fullUser(), passwordHash: nil)
            let isDeleted = try await repository.users.markDeleted(
                Sample.id(2), expecting: nil, at: Sample.time)
            #expect(isDeleted)
            #expect(await repository.pool.statistics.writesAlone == 1)
        }
    }

    @Test(arguments: [(41, false), (nil, false), (40, true)] as [(Int64?, Bool)])
    func `a deletion is left to a statement alone if the version is another`(
        version: Int64?, isRunAlone: Bool
    ) async throws {
        var user = try Sample.bareUser(2)
        user.version = 41
        let kept = user
        try await withBatchingRepository { repository in
            _ = try await repository.users.insert(kept, passwordHash: nil)
            let isDeleted = try await repository.users.markDeleted(
                Sample.id(2), expecting: version, at: Sample.time)
            #expect(isDeleted == !isRunAlone)
            #expect(await repository.pool.statistics.writesAlone == (isRunAlone ? 1 : 0))
        }
    }

    private func withBatchingRepository(
        _ body: (TestRepository) async throws -> Void
    ) async throws {
        try await withTestDatabase { database in
            try await withRepository(on: database, batchesWrites: true, body)
        }
    }
}
