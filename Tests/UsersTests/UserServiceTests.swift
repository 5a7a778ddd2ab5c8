import Ambient
import JSON
import Testing
import Users
import UsersTesting

/// A service over a fresh repository, and what a test needs to look into it.
struct TestService {
    let repository = InMemoryRepository()
    let users: UserService<InMemoryRepository, FakeHasher>

    init() {
        let clock = TickingClock(from: Sample.time).wallClock
        users = UserService(
            repository: repository, hasher: FakeHasher(), passwords: FakePasswordVerifier(),
            access: RecordingObserver(), events: RecordingObserver(), clock: clock,
            ids: UUIDv7Generator(clock: .fixed(at: Sample.time), entropy: .seeded(9)))
    }

    func register(_ email: String = "ada@example.com") async throws -> User {
        try await users.register(Sample.draft(email: email), as: .administrator)
    }
}

@Suite("Registering and reading users")
struct UserServiceTests {
    let service = TestService()
    let nobody = UserID(UUID(high: 0, low: 0))

    @Test func `a registered user has version 1, a new id and the time of registration`()
        async throws
    {
        var draft = try Sample.draft(email: "Ada@Example.com")
        draft.locale = try LanguageTag(parsing: "en-gb")
        draft.metadata = try Metadata(parsing: Sample.json(#"{"a":1}"#))
        let user = try await service.users.register(draft, as: .administrator)
        #expect(
            user
                == User(
                    id: user.id, externalID: nil, email: draft.email, isEmailVerified: false,
                    displayName: draft.displayName, locale: LanguageTag(trusted: "en-GB"),
                    timeZone: nil, status: .active, roles: .initial, metadata: draft.metadata,
                    adminMetadata: .empty, createdAt: Sample.time, updatedAt: Sample.time,
                    passwordChangedAt: Sample.time, deletedAt: nil, version: 1))
        #expect(user.id.uuid.high >> 12 & 0xF == 7)
        let hash = service.repository.inspect { $0.passwordHashes[user.id] }
        #expect(hash == "hash of correct horse battery")
        #expect(try await service.users.user(withID: user.id, as: .administrator) == user)
    }

    @Test(arguments: ["ada@example.com", "ADA@EXAMPLE.COM", "ada@ＥＸＡＭＰＬＥ.com"])
    func `an address with the same key is taken`(_ email: String) async throws {
        _ = try await service.register("Ada@example.com")
        let draft = try Sample.draft(email: email)
        let error = await failure { () throws(UserError) in
            _ = try await service.users.register(draft, as: .administrator)
        }
        guard case .emailTaken = error else { throw Unexpected(error) }
    }

    @Test func `an address is free again after its user is deleted`() async throws {
        let user = try await service.register()
        try await service.users.delete(user.id, as: .administrator)
        let next = try await service.register()
        #expect(next.id != user.id)
    }

    @Test func `a user may be registered without a password, and then has no hash`() async throws {
        let user = try await service.users.register(
            Sample.draft(password: nil), as: .administrator)
        #expect(user.passwordChangedAt == nil)
        #expect(service.repository.inspect { $0.passwordHashes.isEmpty })
    }

    @Test func `a password may not give itself away`() async throws {
        let cases = [
            (try Sample.draft(email: "battery@example.com"), FaultCode.passwordContainsEmail),
            (try Sample.draft(password: "i am ada lovelace"), .passwordContainsName),
        ]
        for (draft, code) in cases {
            let error = await failure { () throws(UserError) in
                _ = try await service.users.register(draft, as: .administrator)
            }
            guard case .invalid(let faults) = error else { throw Unexpected(error) }
            #expect(faults.map(\.pointer) == ["/password"])
            #expect(faults.map(\.code) == [code])
        }
        #expect(service.repository.inspect { $0.users.isEmpty })
    }

    @Test func `what only administrators may choose is not permitted`() async throws {
        let administratorsOnly: [(UserMember, (inout UserDraft) -> Void)] = [
            (.id, { $0.id = nobody }),
            (.externalID, { $0.externalID = ExternalID(trusted: "x") }),
            (.status, { $0.status = .disabled }),
            (.roles, { $0.roles = RoleSet(trusted: []) }),
            (.adminMetadata, { $0.adminMetadata = Metadata(trusted: Array(#"{"a":1}"#.utf8)) }),
        ]
        for (member, choose) in administratorsOnly {
            var draft = try Sample.draft()
            choose(&draft)
            let error = await failure { () throws(UserError) in
                _ = try await service.users.register(draft, as: .unauthenticated)
            }
            guard case .notPermitted(.write(member)) = error else { throw Unexpected(error) }
        }
        #expect(service.repository.inspect { $0.users.isEmpty })
    }

    @Test func `a full queue of hashes registers nobody`() async throws {
        let users = UserService(
            repository: service.repository, hasher: OverloadedHasher(),
            passwords: FakePasswordVerifier(),
            access: RecordingObserver(), events: RecordingObserver(), clock: .system,
            ids: UUIDv7Generator(clock: .system, entropy: .system))
        let draft = try Sample.draft()
        let error = await failure { () throws(UserError) in
            _ = try await users.register(draft, as: .administrator)
        }
        guard case .unavailable(.overloaded, _) = error else { throw Unexpected(error) }
        #expect(service.repository.inspect { $0.users.isEmpty })
    }

    @Test func `a user who is not there or deleted is not found`() async throws {
        let user = try await service.register()
        try await service.users.delete(user.id, as: .administrator)
        for id in [nobody, user.id] {
            let error = await failure { () throws(UserError) in
                _ = try await service.users.user(withID: id, as: .administrator)
            }
            guard case .notFound = error else { throw Unexpected(error) }
        }
    }

    @Test func `pages follow one another from the newest user to the oldest`() async throws {
        var registered: [UserID] = []
        for number in 0..<7 {
            registered.append(try await service.register("u\(number)@a.example").id)
        }
        try await service.users.delete(registered.remove(at: 3), as: .administrator)
        var listed: [UserID] = []
        var sizes: [Int] = []
        var cursor: UserCursor?
        repeat {
            let page = try await service.users.page(
                after: cursor, limit: PageLimit(parsing: 2), as: .administrator)
            listed += page.items.map(\.id)
            sizes.append(page.items.count)
            cursor = page.next
        } while cursor != nil
        #expect(listed == registered.reversed())
        #expect(sizes == [2, 2, 2])
    }

    @Test func `a page without users has no next`() async throws {
        let page = try await service.users.page(as: .administrator)
        #expect(page.items.isEmpty)
        #expect(page.next == nil)
    }

    @Test(arguments: [(0, false), (1, true), (1_000, true), (1_001, false), (-1, false)])
    func `a page has 1 to 1000 users`(_ count: Int, _ isAllowed: Bool) {
        let limit = outcome { () throws(InvalidValue) in try PageLimit(parsing: count).count }
        #expect(limit == (isAllowed ? .value(count) : .fault(.outOfRange)))
    }
}

/// A test's complaint about an error that it did not ask for.
struct Unexpected: Error {
    let error: UserError?

    init(_ error: UserError?) {
        self.error = error
    }
}
