import Ambient
import Authentication
import AuthenticationPostgres
import AuthenticationTesting
import Postgres
import Synchronization
import Testing
import Users
import UsersPostgres

@Suite("Changes of users whom a cache holds")
struct UserChangeTests {
    private static let account = Account.sample()
    private static let later = Sample.time.advanced(bySeconds: 1)

    /// Each way to change the user, in order: those that follow find what those before have left.
    private static let changes: [@Sendable (CachedRepositories) async throws -> Void] = [
        { repositories in
            var changes = UserChanges()
            changes.displayName = .set(DisplayName(trusted: "B"))
            _ = try await repositories.users.update(
                account.id, changes, if: WriteCondition(), at: later)
        },
        { repositories in
            _ = try await repositories.users.changeRoles(
                of: account.id, by: .grant(.admin), if: WriteCondition(), at: later)
        },
        { repositories in
            _ = try await repositories.users.changeRoles(
                of: account.id, by: .revoke(.member), if: WriteCondition(), at: later)
        },
        { repositories in
            _ = try await repositories.logins.setPassword(
                hash: "new", of: account.id, keeping: nil, ifHoldingOnly: nil, replacing: nil,
                at: later)
        },
        { repositories in
            _ = try await repositories.users.markDeleted(
                account.id, if: WriteCondition(), at: later)
        },
        { repositories in
            _ = try await repositories.users.restore(account.id, if: WriteCondition(), at: later)
        },
        { repositories in
            _ = try await repositories.users.remove(
                account.id, if: WriteCondition(), at: Sample.time)
        },
    ]

    @Test func `each is announced, and the user is forgotten once it is committed`() async throws {
        try await withRepository { repository in
            try await repository.add()
            // Somebody else has to stay an administrator.
            try await repository.add(2, roles: ["admin"])
            let cached = CachedRepositories(repository)
            let heard = try await repository.heard(on: UserChangeChannel.name) {
                for change in Self.changes { try await change(cached) }
            }
            let user = "\(Self.account.id.uuid)"
            #expect(heard == Array(repeating: "user \(user)", count: Self.changes.count))
            #expect(cached.cache.seen == ["2", "3", "4", "5", "6", "7", "none"])
        }
    }

    @Test func `one that meets another user is forgotten and not announced`() async throws {
        try await withRepository { repository in
            try await repository.add()
            let cached = CachedRepositories(repository)
            let heard = try await repository.heard(on: UserChangeChannel.name) {
                let isDeleted = try await cached.users.markDeleted(
                    Self.account.id, if: WriteCondition(version: 9), at: Self.later)
                #expect(!isDeleted)
            }
            #expect(heard == [])
            #expect(cached.cache.seen == ["1"])
        }
    }

    @Test func `one that is refused is neither`() async throws {
        try await withRepository { repository in
            try await repository.add(1, roles: ["admin"])
            let cached = CachedRepositories(repository)
            let heard = try await repository.heard(on: UserChangeChannel.name) {
                await #expect(throws: UserError.self) {
                    try await cached.users.remove(
                        Self.account.id, if: WriteCondition(), at: Sample.time)
                }
            }
            #expect(heard == [])
            #expect(cached.cache.seen == [])
        }
    }

    @Test func `without a cache nothing is announced`() async throws {
        try await withRepository { repository in
            try await repository.add()
            let heard = try await repository.heard(on: UserChangeChannel.name) {
                _ = try await repository.users.remove(
                    Self.account.id, if: WriteCondition(), at: Sample.time)
            }
            #expect(heard == [])
        }
    }
}

/// The repositories with a cache before them.
private struct CachedRepositories: Sendable {
    let users: PostgresUserRepository
    let logins: PostgresAuthenticationRepository
    let cache: WatchedCache

    init(_ repository: TestRepository) {
        cache = WatchedCache(repository)
        users = PostgresUserRepository(pool: repository.pool, cache: cache)
        logins = PostgresAuthenticationRepository(pool: repository.pool, cache: cache)
    }
}

/// A cache that keeps nobody, and looks at what others see of a user whom it is to forget.
private final class WatchedCache: UserCache {
    private let repository: TestRepository
    private let versions = Mutex<[String]>([])

    /// The version of the user at each time, or `none`.
    var seen: [String] { versions.withLock { $0 } }

    init(_ repository: TestRepository) { self.repository = repository }

    func user(
        withID id: UserID, orElse read: () async throws(UserError) -> User?
    ) async throws(UserError) -> User? {
        try await read()
    }

    func forget(_ id: UserID) async {
        let rows = try? repository.query(
            "SELECT version FROM users WHERE id = $1::uuid", ["\(id.uuid)"])
        let version = rows.map { $0.first?.first.flatMap(\.self) ?? "none" } ?? "no answer"
        versions.withLock { $0.append(version) }
    }
}
