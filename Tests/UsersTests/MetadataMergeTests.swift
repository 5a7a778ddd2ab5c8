import JSON
import Testing
import Users
import UsersTesting

@Suite("Merging metadata while others write")
struct MetadataMergeTests {
    let service = TestService()
    let attemptCountMax = UserService<InMemoryRepository, FakeHasher>.mergeAttemptCountMax

    private func metadata(_ text: String) -> Metadata {
        Metadata(trusted: Array(text.utf8))
    }

    private func patch(_ metadata: String) throws -> UserPatch {
        var patch = UserPatch()
        patch.changes.displayName = .set(DisplayName(trusted: "Countess"))
        patch.metadataPatch = try Sample.object(metadata)
        return patch
    }

    private func change(_ user: User, _ metadata: String) async throws -> User {
        let patch = try patch(metadata)
        return try await service.users.change(user.id, by: patch, as: .administrator)
    }

    private func failureToChange(
        _ user: User, _ metadata: String, expecting precondition: VersionPrecondition = .any
    ) async throws -> UserError? {
        let patch = try patch(metadata)
        return await failure { () throws(UserError) in
            _ = try await service.users.change(
                user.id, by: patch, expecting: precondition, as: .administrator)
        }
    }

    /// Lets `count` other writers come between reading and writing.
    private func rivals(_ count: Int) -> [UserChanges] {
        (0..<count).map { number in
            var changes = UserChanges()
            changes.metadata = .set(metadata("{\"rival\":\(number)}"))
            return changes
        }
    }

    @Test func `a merge keeps the members that it does not name`() async throws {
        let user = try await service.register()
        _ = try await change(user, #"{"a":1,"b":{"c":2}}"#)
        let changed = try await change(user, #"{"a":null,"b":{"d":3}}"#)
        #expect(changed.metadata == metadata(#"{"b":{"c":2,"d":3}}"#))
        #expect(changed.displayName.rawValue == "Countess")
        #expect(changed.version == 3)
    }

    @Test(arguments: [1, 4])
    func `another writer's members are merged with, not lost`(_ count: Int) async throws {
        let user = try await service.register()
        let rivals = rivals(count)
        service.repository.inspect { $0.rivals = rivals }
        let changed = try await change(user, #"{"a":1}"#)
        #expect(changed.metadata == metadata("{\"rival\":\(count - 1),\"a\":1}"))
        #expect(service.repository.inspect { $0.updateCount } == count + 1)
    }

    @Test func `after so many other writers the merge gives up`() async throws {
        let user = try await service.register()
        let rivals = rivals(attemptCountMax)
        service.repository.inspect { $0.rivals = rivals }
        let error = try await failureToChange(user, #"{"a":1}"#)
        guard case .unavailable(.contended, cause: nil) = error else { throw Unexpected(error) }
        #expect(service.repository.inspect { $0.updateCount } == attemptCountMax)
    }

    @Test func `a merge that expects a version does not go on after another writer`() async throws {
        let user = try await service.register()
        let rivals = rivals(1)
        service.repository.inspect { $0.rivals = rivals }
        let error = try await failureToChange(user, #"{"a":1}"#, expecting: .oneOf([1]))
        guard case .versionMismatch = error else { throw Unexpected(error) }
    }

    @Test func `a merge that breaks a rule of metadata names the member`() async throws {
        let user = try await service.register()
        let error = try await failureToChange(user, #"{"a":"\u0000"}"#)
        guard case .invalid(let faults) = error else { throw Unexpected(error) }
        #expect(faults.map(\.pointer) == ["/metadata"])
        #expect(faults.map(\.code) == [.invalidMetadata])
    }

    @Test func `stored metadata that is no object is reported as corrupt`() async throws {
        let user = try await service.register()
        let broken = metadata("[]")
        service.repository.inspect { $0.users[user.id]?.metadata = broken }
        let error = try await failureToChange(user, #"{"a":1}"#)
        guard case .corrupt = error else { throw Unexpected(error) }
    }
}
