import Ambient
import JSON
import Testing
import Users
import UsersTesting

@Suite("Changing and deleting users")
struct UserChangeTests {
    let service = TestService()
    let nobody = UserID(UUID(high: 0, low: 0))

    private func patch(_ describe: (inout UserPatch) throws -> Void) rethrows -> UserPatch {
        var patch = UserPatch()
        try describe(&patch)
        return patch
    }

    private func renaming(to name: String) -> UserPatch {
        patch { $0.changes.displayName = .set(DisplayName(trusted: name)) }
    }

    private func change(
        _ id: UserID, by patch: UserPatch, expecting precondition: VersionPrecondition = .any
    ) async throws(UserError) -> User {
        try await service.users.change(
            id, by: patch, expecting: precondition, as: .administrator)
    }

    @Test func `a change sets its members, counts the version and keeps the rest`() async throws {
        let user = try await service.register()
        let given = patch {
            $0.changes.displayName = .set(DisplayName(trusted: "Countess"))
            $0.changes.timeZone = .set(TimeZoneName(trusted: "Europe/London"))
        }
        let changed = try await change(user.id, by: given)
        var expected = user
        expected.displayName = DisplayName(trusted: "Countess")
        expected.timeZone = TimeZoneName(trusted: "Europe/London")
        expected.updatedAt = changed.updatedAt
        expected.version = 2
        #expect(changed == expected)
        #expect(changed.updatedAt > user.updatedAt)
        #expect(service.repository.inspect { $0.readCount } == 0, "One statement is enough.")
        let cleared = try await change(user.id, by: patch { $0.changes.timeZone = .set(nil) })
        #expect(cleared.timeZone == nil)
    }

    @Test func `a patch that asks for nothing returns the user as it is`() async throws {
        let user = try await service.register()
        #expect(try await change(user.id, by: UserPatch()) == user)
        #expect(try await change(user.id, by: patch { $0.metadataPatch = JSONObject() }) == user)
        #expect(service.repository.inspect { $0.updateCount } == 0)
        let mismatch = await failure { () throws(UserError) in
            _ = try await change(user.id, by: UserPatch(), expecting: .oneOf([2]))
        }
        guard case .versionMismatch = mismatch else { throw Unexpected(mismatch) }
        let missing = await failure { () throws(UserError) in
            _ = try await change(nobody, by: UserPatch())
        }
        guard case .notFound = missing else { throw Unexpected(missing) }
    }

    @Test func `members sent back as they were are no change, whoever may write them`() async throws
    {
        let user = try await service.register()
        var patch = renaming(to: "Countess")
        patch.changes.externalID = .set(user.externalID)
        patch.changes.status = .set(user.status)
        patch.changes.roles = .set(user.roles)
        let changed = try await change(user.id, by: patch)
        #expect(changed.displayName.rawValue == "Countess" && changed.status == user.status)
    }

    @Test func `what only administrators may write is not permitted, with other members or alone`()
        async throws
    {
        let user = try await service.register()
        let administratorsOnly: [(UserMember, (inout UserPatch) throws -> Void)] = [
            (.externalID, { $0.changes.externalID = .set(try ExternalID(parsing: "x")) }),
            (.status, { $0.changes.status = .set(.disabled) }),
            (.roles, { $0.changes.roles = .set(RoleSet(trusted: [])) }),
            (.adminMetadata, { $0.changes.adminMetadata = .set(.empty) }),
            (.adminMetadata, { $0.adminMetadataPatch = try Sample.object(#"{"a":1}"#) }),
            (.adminMetadata, { $0.adminMetadataPatch = JSONObject() }),
        ]
        for (member, write) in administratorsOnly {
            var patch = renaming(to: "Countess")
            try write(&patch)
            let error = await failure { [patch] () throws(UserError) in
                _ = try await service.users.change(
                    user.id, by: patch, as: .authenticated(user.id, []))
            }
            guard case .notPermitted(.write(member)) = error else { throw Unexpected(error) }
        }
        #expect(try await service.users.user(withID: user.id, as: .administrator) == user)
    }

    @Test func `an address that another user has is taken, one's own is not`() async throws {
        let ada = try await service.register("ada@example.com")
        let bob = try await service.register("bob@example.com")
        let taken = try patch { $0.changes.email = .set(try Sample.email("ADA@Example.com")) }
        let error = await failure { () throws(UserError) in _ = try await change(bob.id, by: taken)
        }
        guard case .emailTaken = error else { throw Unexpected(error) }
        #expect(try await change(ada.id, by: taken).email.rawValue == "ADA@Example.com")
    }

    @Test(
        arguments: [
            (.any, true), (.oneOf([1]), true), (.oneOf([1, 7]), true), (.oneOf([2]), false),
            (.oneOf([2, 7]), false), (.oneOf([]), false),
        ] as [(VersionPrecondition, Bool)])
    func `a write happens if the version is one that is expected`(
        _ precondition: VersionPrecondition, _ isAllowed: Bool
    ) async throws {
        let user = try await service.register()
        let merging = try patch { $0.metadataPatch = try Sample.object(#"{"a":1}"#) }
        for given in [renaming(to: "Countess"), merging] {
            let target =
                isAllowed ? try await service.register("u\(given.changes.isEmpty)@a.example") : user
            let error = await failure { () throws(UserError) in
                _ = try await change(target.id, by: given, expecting: precondition)
            }
            try check(error, isAllowed)
        }
        let error = await failure { () throws(UserError) in
            try await service.users.delete(user.id, expecting: precondition, as: .administrator)
        }
        try check(error, isAllowed)
    }

    private func check(_ error: UserError?, _ isAllowed: Bool) throws {
        switch error {
        case nil where isAllowed: break
        case .versionMismatch where !isAllowed: break
        default: throw Unexpected(error)
        }
    }

    @Test(arguments: [.any, .oneOf([1]), .oneOf([1, 2]), .oneOf([])] as [VersionPrecondition])
    func `a user who is not there is not found, whatever version is expected`(
        _ precondition: VersionPrecondition
    ) async throws {
        let merging = try patch { $0.metadataPatch = try Sample.object(#"{"a":1}"#) }
        for given in [renaming(to: "Countess"), merging] {
            let error = await failure { () throws(UserError) in
                _ = try await change(nobody, by: given, expecting: precondition)
            }
            guard case .notFound = error else { throw Unexpected(error) }
        }
        let error = await failure { () throws(UserError) in
            try await service.users.delete(nobody, expecting: precondition, as: .administrator)
        }
        guard case .notFound = error else { throw Unexpected(error) }
    }

    @Test func `a deleted user is not there, and is not deleted again`() async throws {
        let user = try await service.register()
        try await service.users.delete(user.id, as: .administrator)
        let stored = service.repository.inspect { $0.users[user.id] }
        #expect(stored?.deletedAt != nil)
        #expect(stored?.version == 2)
        let error = await failure { () throws(UserError) in
            try await service.users.delete(user.id, as: .administrator)
        }
        guard case .notFound = error else { throw Unexpected(error) }
    }
}
