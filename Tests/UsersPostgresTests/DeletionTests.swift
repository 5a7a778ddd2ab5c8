import Testing
import Users
import UsersPostgres
import UsersTesting

@Suite("Deleted users")
struct DeletionTests {
    @Test func `a deleted user is there no more, but in the table`() async throws {
        let user = try Sample.fullUser()
        let time = Sample.time(after: 9)
        try await withRepository { repository in
            _ = try await repository.users.insert(user, passwordHash: "hash")
            let isDeleted = try await repository.users.markDeleted(
                user.id, expecting: nil, at: time)
            #expect(isDeleted)
            #expect(try await repository.users.user(withID: user.id) == nil)
            #expect(try await repository.users.page(of: .all, after: nil, limit: 10).items.isEmpty)
            var changes = UserChanges()
            changes.locale = .set(nil)
            let updated = try await repository.users.update(
                user.id, changes, expecting: nil, at: time)
            #expect(updated == nil)
            let row = try repository.row(
                """
                SELECT extract(epoch FROM deleted_at), extract(epoch FROM updated_at), version,
                    email, password_hash FROM users
                """)
            #expect(
                row == [
                    "1795380360.123465", "1795380360.123465", "42", user.email.rawValue, "hash",
                ])
        }
    }

    @Test func `a user is deleted once`() async throws {
        let user = try Sample.bareUser()
        try await withRepository { repository in
            _ = try await repository.users.insert(user, passwordHash: nil)
            let deletions = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await repository.users.markDeleted(
                            user.id, expecting: nil, at: Sample.time)
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(deletions == 1)
            #expect(try repository.row("SELECT version FROM users") == ["2"])
        }
    }

    @Test(arguments: [(nil, true), (41, true), (40, false), (42, false)])
    func `a deletion happens in the version that is expected`(
        _ version: Int64?, _ happens: Bool
    ) async throws {
        let user = try Sample.fullUser()
        try await withRepository { repository in
            _ = try await repository.users.insert(user, passwordHash: nil)
            let isDeleted = try await repository.users.markDeleted(
                user.id, expecting: version, at: Sample.time)
            #expect(isDeleted == happens)
            let stored = try await repository.users.user(withID: user.id)
            #expect(stored == (happens ? nil : user))
        }
    }

    @Test func `nobody is deleted who is not there, and no neighbour`() async throws {
        let user = try Sample.bareUser()
        try await withRepository { repository in
            _ = try await repository.users.insert(user, passwordHash: nil)
            let isDeleted = try await repository.users.markDeleted(
                Sample.id(404), expecting: nil, at: Sample.time)
            #expect(!isDeleted)
            #expect(try await repository.users.user(withID: user.id) == user)
        }
    }

    @Test(arguments: [(nil, true), (42, true), (41, false)] as [(Int64?, Bool)])
    func `a deleted user is restored in the version that is expected`(
        version: Int64?, happens: Bool
    ) async throws {
        let user = try Sample.fullUser()
        let time = Sample.time(after: 9)
        try await withRepository { repository in
            _ = try await repository.users.insert(user, passwordHash: "hash")
            let early = try await repository.users.restore(user.id, expecting: nil, at: time)
            #expect(early == nil)
            _ = try await repository.users.markDeleted(user.id, expecting: nil, at: time)
            let restored = try await repository.users.restore(
                user.id, expecting: version, at: time)
            var expected = user
            expected.version = 43
            expected.updatedAt = time
            #expect(restored == (happens ? expected : nil))
            #expect(try await repository.users.user(withID: user.id) == restored)
            #expect(try repository.row("SELECT password_hash FROM users") == ["hash"])
        }
    }

    @Test(arguments: ["address", "external id"])
    func `a restored user takes nothing from anybody`(_ what: String) async throws {
        let user = try Sample.bareUser(1, email: "ada@a.example", externalID: "x")
        let next =
            what == "address"
            ? try Sample.bareUser(2, email: "ADA@a.example")
            : try Sample.bareUser(2, externalID: "x")
        try await withRepository { repository in
            _ = try await repository.users.insert(user, passwordHash: nil)
            _ = try await repository.users.markDeleted(user.id, expecting: nil, at: Sample.time)
            _ = try await repository.users.insert(next, passwordHash: nil)
            let error = await failure { () throws(UserError) in
                _ = try await repository.users.restore(user.id, expecting: nil, at: Sample.time)
            }
            #expect(error?.kind == (what == "address" ? "emailTaken" : "externalIDTaken"))
            let stored = try await repository.users.userOrDeleted(withID: user.id)
            #expect(stored?.deletedAt != nil && stored?.version == 2)
        }
    }

    @Test(arguments: [false, true], [(nil, true), (1, true), (7, false)] as [(Int64?, Bool)])
    func `a user is removed for good in the version that is expected, deleted or not`(
        isDeleted: Bool, given: (version: Int64?, happens: Bool)
    ) async throws {
        let user = try Sample.bareUser()
        try await withRepository { repository in
            for user in [user, try Sample.bareUser(2)] {
                _ = try await repository.users.insert(user, passwordHash: nil)
            }
            var version = given.version
            if isDeleted {
                _ = try await repository.users.markDeleted(user.id, expecting: nil, at: Sample.time)
                version = version.map { $0 + 1 }
            }
            let isRemoved = try await repository.users.remove(
                user.id, expecting: version, at: Sample.time)
            #expect(isRemoved == given.happens)
            let stored = try await repository.users.userOrDeleted(withID: user.id)
            #expect((stored == nil) == given.happens)
            #expect(try repository.row("SELECT count(*) FROM users") == [given.happens ? "1" : "2"])
        }
    }

    @Test func `the address and the external id of a deleted user are free, the id is not`()
        async throws
    {
        let user = try Sample.bareUser(1, email: "ada@a.example", externalID: "x")
        try await withRepository { repository in
            _ = try await repository.users.insert(user, passwordHash: nil)
            _ = try await repository.users.markDeleted(user.id, expecting: nil, at: Sample.time)
            let error = await failure { () throws(UserError) in
                _ = try await repository.users.insert(user, passwordHash: nil)
            }
            #expect(error?.kind == "idTaken")
            let next = try Sample.bareUser(2, email: "ada@a.example", externalID: "x")
            #expect(try await repository.users.insert(next, passwordHash: nil) == next)
            _ = try await repository.users.markDeleted(next.id, expecting: nil, at: Sample.time)
            #expect(try repository.row("SELECT count(*) FROM users") == ["2"])
        }
    }
}
