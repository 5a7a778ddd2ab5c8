import Testing
import Users
import UsersPostgres
import UsersTesting

@Suite("Pages of users")
struct PageTests {
    /// Inserts users of few times of creation, in no order, and returns them as a list has them.
    private func insertUsers(_ count: Int, into repository: TestRepository) async throws -> [User] {
        var users: [User] = []
        for number in 0..<count {
            // 7 and `count` have no common divisor: every number comes once.
            let user = try Sample.bareUser(
                number * 7 % count, createdAt: Sample.time(after: Int64(number % 3)))
            users.append(try await repository.users.insert(user, passwordHash: nil))
        }
        return users.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
    }

    /// All pages one after the other.
    private func pages(of repository: TestRepository, limit: PageLimit) async throws -> [[User]] {
        var pages: [[User]] = []
        var cursor: UserCursor?
        repeat {
            let page = try await repository.users.page(of: .all, after: cursor, limit: limit)
            pages.append(page.items)
            cursor = page.next
        } while cursor != nil
        return pages
    }

    @Test func `there is an empty page without users`() async throws {
        try await withRepository { repository in
            let page = try await repository.users.page(of: .all, after: nil, limit: 10)
            #expect(page.items.isEmpty)
            #expect(page.next == nil)
        }
    }

    @Test(arguments: [1, 2, 5, 29, 30, 31, 1_000] as [PageLimit])
    func `pages have every user once, the newest first, then by id`(_ limit: PageLimit) async throws
    {
        try await withRepository { repository in
            let users = try await insertUsers(30, into: repository)
            let pages = try await pages(of: repository, limit: limit)
            #expect(pages.flatMap(\.self) == users)
            #expect(pages.dropLast().allSatisfy { $0.count == limit.count })
        }
    }

    @Test func `a place need not be that of a user who is still there`() async throws {
        try await withRepository { repository in
            let users = try await insertUsers(10, into: repository)
            let cursor = UserSelection.Order.newestFirst.cursor(of: users[4])
            _ = try await repository.users.markDeleted(
                users[4].id, expecting: nil, at: Sample.time)
            _ = try await repository.users.markDeleted(
                users[5].id, expecting: nil, at: Sample.time)
            let page = try await repository.users.page(of: .all, after: cursor, limit: 2)
            #expect(page.items == Array(users[6...7]))
        }
    }

    @Test func `pages neither repeat nor skip a user while others are inserted`() async throws {
        try await withRepository { repository in
            let users = try await insertUsers(31, into: repository)
            let listed = try await withThrowingTaskGroup(of: [User].self) { group in
                for writer in 1...4 {
                    group.addTask {
                        try await insert(40, from: writer * 1_000, into: repository)
                        return []
                    }
                }
                group.addTask { try await pages(of: repository, limit: 3).flatMap(\.self) }
                return try await group.reduce([], +)
            }
            let ids = Set(users.map(\.id))
            #expect(listed.filter { ids.contains($0.id) } == users)
            #expect(Set(listed.map(\.id)).count == listed.count)
        }
    }

    /// Inserts users before, among and after those who are there.
    private func insert(
        _ count: Int, from first: Int, into repository: TestRepository
    ) async throws {
        for number in first..<(first + count) {
            let user = try Sample.bareUser(
                number, createdAt: Sample.time(after: Int64(number % 5 - 1)))
            _ = try await repository.users.insert(user, passwordHash: nil)
        }
    }
}
