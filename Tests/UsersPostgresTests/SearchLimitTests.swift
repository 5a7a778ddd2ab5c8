import Postgres
import PostgresTesting
import Testing
import Users
import UsersPostgres
import UsersTesting

@Suite("How much searching there may be")
struct SearchLimitTests {
    private static let selection = {
        var selection = UserSelection.all
        selection.status = .disabled
        return selection
    }()

    /// Runs `body` with a repository whose searches wait for a lock, and a way to release it.
    private func withLockedTable(
        _ limits: SearchLimits,
        _ body: (TestRepository, _ release: () throws -> Void) async throws -> Void
    ) async throws {
        try await withTestDatabase { database in
            try await withRepository(on: database, limits: limits) { repository in
                let rival = try database.connect()
                try rival.execute("BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
                try await body(repository) { try rival.execute("ROLLBACK") }
            }
        }
    }

    private func search(_ repository: TestRepository) async -> UserError? {
        await failure { () throws(UserError) in
            _ = try await repository.users.page(of: Self.selection, after: nil, limit: 1)
        }
    }

    @Test func `what takes too long is given up`() async throws {
        // Long enough for the search that waits for nobody.
        let limits = SearchLimits(pageTimeout: .seconds(1), countTimeout: .seconds(1))
        try await withLockedTable(limits) { repository, release in
            #expect(await search(repository)?.kind == "unavailable(tooSlow)")
            let count = try await repository.users.count(of: Self.selection, isExact: true)
            #expect(count == nil)
            try release()
            #expect(await search(repository) == nil)
        }
    }

    @Test func `one more than may go on is refused at once, and nobody after it`() async throws {
        let limits = SearchLimits(
            pageTimeout: .seconds(60), countTimeout: .seconds(60), searchesMax: 2)
        try await withLockedTable(limits) { repository, release in
            try await withThrowingTaskGroup(of: UserError?.self) { group in
                for _ in 0..<3 { group.addTask { await search(repository) } }
                // Two wait for the lock, so the third is the first that ends.
                #expect(try await group.next()??.kind == "unavailable(overloaded)")
                // What is no search has its connections.
                let users = repository.users
                await #expect(throws: Never.self) {
                    try release()
                    _ = try await users.page(of: .all, after: nil, limit: 1)
                }
                for try await error in group { #expect(error == nil) }
            }
            #expect(await search(repository) == nil)
        }
    }
}
