import Ambient
import Testing
import Users
import UsersPostgres
import UsersTesting

@Suite("Changing users")
struct UpdateTests {
    /// A change of one member, and what it makes of a user.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout UserChanges) -> Void
        let effect: @Sendable (inout User) -> Void

        init<Value: Hashable & Sendable>(
            _ name: String, _ member: any WritableKeyPath<UserChanges, Change<Value>> & Sendable,
            _ target: any WritableKeyPath<User, Value> & Sendable, _ value: Value
        ) {
            testDescription = name
            change = { $0[keyPath: member] = .set(value) }
            effect = { $0[keyPath: target] = value }
        }
    }

    static let newEmail = EmailAddress(trusted: "New@Example.org", key: "new@example.org")

    static let cases = [
        Case("an external id", \.externalID, \.externalID, ExternalID(trusted: "new")),
        Case("no external id", \.externalID, \.externalID, nil),
        Case("an address", \.email, \.email, newEmail),
        Case("a name", \.displayName, \.displayName, DisplayName(trusted: "Nöö")),
        Case("a locale", \.locale, \.locale, LanguageTag(trusted: "de-AT")),
        Case("no locale", \.locale, \.locale, nil),
        Case("a time zone", \.timeZone, \.timeZone, TimeZoneName(trusted: "Asia/Tokyo")),
        Case("no time zone", \.timeZone, \.timeZone, nil),
        Case("the status disabled", \.status, \.status, .disabled),
        Case("the status active", \.status, \.status, .active),
        Case("roles", \.roles, \.roles, RoleSet(trusted: [RoleName(trusted: "new")])),
        Case("no roles", \.roles, \.roles, RoleSet(trusted: [])),
        Case("metadata", \.metadata, \.metadata, Sample.metadata(#"{"n": "ü"}"#)),
        Case("empty metadata", \.metadata, \.metadata, .empty),
        Case("admin metadata", \.adminMetadata, \.adminMetadata, Sample.metadata(#"{"m": 1}"#)),
        Case("empty admin metadata", \.adminMetadata, \.adminMetadata, .empty),
    ]

    /// Makes changes to a user of NULLs and to one in whom everything is set.
    private func check(_ cases: [Case]) async throws {
        var changes = UserChanges()
        for given in cases { given.change(&changes) }
        try await withRepository { repository in
            // Whoever becomes the last administrator could not be deleted.
            var administrator = try Sample.bareUser(99)
            administrator.roles = RoleSet(trusted: [.admin])
            _ = try await repository.users.insert(administrator, passwordHash: nil)
            for user in [try Sample.bareUser(), try Sample.fullUser()] {
                _ = try await repository.users.insert(user, passwordHash: "kept")
                // A neighbour must stay as it is.
                let neighbour = try Sample.bareUser(100 + Int(user.version))
                _ = try await repository.users.insert(neighbour, passwordHash: nil)
                var expected = user
                for given in cases { given.effect(&expected) }
                expected.updatedAt = Sample.time(after: 5_000_000)
                expected.version += 1
                if !changes.email.isKept { expected.isEmailVerified = false }
                let updated = try await repository.users.update(
                    user.id, changes, expecting: nil, at: expected.updatedAt)
                #expect(updated == expected)
                #expect(try await repository.users.user(withID: user.id) == expected)
                #expect(try await repository.users.user(withID: neighbour.id) == neighbour)
                // Unique values are free for the next one.
                _ = try await repository.users.markDeleted(
                    user.id, expecting: nil, at: Sample.time)
                let kept = try repository.row(
                    "SELECT password_hash, email_key FROM users WHERE id = $1",
                    ["\(user.id.uuid)"])
                #expect(kept == ["kept", expected.email.key])
            }
        }
    }

    @Test(arguments: cases)
    func `one member changes and the others stay`(_ given: Case) async throws {
        try await check([given])
    }

    @Test func `all members change together`() async throws {
        try await check(Self.cases.filter { !$0.testDescription.contains("no ") })
    }

    @Test(arguments: ["Zoë.2+x@Bücher.Example", "zoë.2+x@Bücher.Example"])
    func `an address that becomes itself, letter by letter, stays verified`(
        address: String
    ) async throws {
        let user = try Sample.fullUser()
        try await withRepository { repository in
            _ = try await repository.users.insert(user, passwordHash: nil)
            var changes = UserChanges()
            changes.email = .set(try EmailAddress(parsing: address))
            let updated = try await repository.users.update(
                user.id, changes, expecting: nil, at: Sample.time)
            #expect(updated?.isEmailVerified == (address == user.email.rawValue))
        }
    }

    @Test(arguments: [(nil, true), (41, true), (40, false), (42, false), (0, false), (-1, false)])
    func `an update happens in the version that is expected`(
        _ version: Int64?, _ happens: Bool
    ) async throws {
        let user = try Sample.fullUser()
        try await withRepository { repository in
            _ = try await repository.users.insert(user, passwordHash: nil)
            var changes = UserChanges()
            changes.status = .set(.active)
            let updated = try await repository.users.update(
                user.id, changes, expecting: version, at: Sample.time)
            #expect((updated != nil) == happens)
            let stored = try await repository.users.user(withID: user.id)
            #expect(stored == (happens ? updated : user))
        }
    }

    @Test func `nobody is updated who is not there`() async throws {
        try await withRepository { repository in
            var changes = UserChanges()
            changes.status = .set(.disabled)
            let updated = try await repository.users.update(
                Sample.id(404), changes, expecting: nil, at: Sample.time)
            #expect(updated == nil)
        }
    }

    @Test func `of updates that expect one version, one happens`() async throws {
        let user = try Sample.bareUser()
        try await withRepository { repository in
            _ = try await repository.users.insert(user, passwordHash: nil)
            let winners = try await withThrowingTaskGroup(of: User?.self) { group in
                for number in 0..<12 {
                    group.addTask {
                        var changes = UserChanges()
                        changes.displayName = .set(DisplayName(trusted: "N\(number)"))
                        return try await repository.users.update(
                            user.id, changes, expecting: 1, at: Sample.time)
                    }
                }
                return try await group.reduce(into: [User]()) { winners, user in
                    if let user { winners.append(user) }
                }
            }
            #expect(winners.count == 1)
            #expect(winners.first?.version == 2)
            #expect(try await repository.users.user(withID: user.id) == winners.first)
        }
    }

    @Test func `updates that expect no version all happen`() async throws {
        let user = try Sample.bareUser()
        try await withRepository { repository in
            _ = try await repository.users.insert(user, passwordHash: nil)
            try await withThrowingTaskGroup { group in
                for number in 0..<12 {
                    group.addTask {
                        var changes = UserChanges()
                        changes.displayName = .set(DisplayName(trusted: "N\(number)"))
                        _ = try await repository.users.update(
                            user.id, changes, expecting: nil, at: Sample.time)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await repository.users.user(withID: user.id)?.version == 13)
        }
    }
}
