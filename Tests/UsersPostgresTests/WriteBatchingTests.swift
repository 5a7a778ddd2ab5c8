import Postgres
import PostgresTesting
import Testing
import Users
import UsersPostgres

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
                $0.status = .set(.active)
                $0.roles = .set(RoleSet(trusted: []))
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

    @Test(arguments: [(41, false), (nil, false), (40, true)] as [(Int64?, Bool)])
    func `a deletion is left to a statement alone if the version is another`(
        version: Int64?, isRunAlone: Bool
    ) async throws {
        try await withBatchingRepository { repository in
            _ = try await repository.users.insert(Sample.fullUser(), passwordHash: nil)
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
