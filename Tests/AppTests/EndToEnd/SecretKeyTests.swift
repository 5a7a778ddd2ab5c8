import HTTPTesting
import Postgres
import PostgresTesting
import Testing

@testable import App

@Suite("The secret that keys are derived from")
struct SecretKeyTests {
    private static let given = "a text of thirty-two octets, or so"

    /// A cursor of the service at `address`, which has two users at least.
    private func cursor(_ application: TestApplication) async throws -> String {
        let page = try await application.send("GET /users?limit=1")
        return try #require(page.string("next_cursor"))
    }

    private func register(_ application: TestApplication) async throws {
        for name in ["a", "b"] {
            let answer = try await application.send(
                "POST /users", #"{"email":"\#(name)@example.com","display_name":"A"}"#)
            #expect(answer.status == 201)
        }
    }

    /// The lengths of the secrets that are kept.
    private func lengths(in database: TestDatabase) throws -> [[String?]] {
        try database.connect().query(
            "SELECT octet_length(octets) FROM secret_keys WHERE name = 'SECRET_KEY'")
    }

    @Test func `a process takes over the secret that another one has kept`() async throws {
        try await withApplication { first, database in
            #expect(try lengths(in: database) == [])
            try await register(first)
            let cursor = try await cursor(first)
            #expect(try lengths(in: database) == [["32"]])
            try await withApplication(on: database) { second in
                let own = try await self.cursor(second)
                #expect(own == cursor)
                #expect(try await second.send("GET /users?cursor=\(cursor)").status == 200)
            }
        }
    }

    @Test func `processes that begin at the same time agree on one secret`() async throws {
        try await withApplication { first, database in
            try await register(first)
            try await withApplication(on: database) { second in
                let cursors = try await withThrowingTaskGroup { group in
                    for number in 0..<16 {
                        group.addTask { try await cursor(number % 2 == 0 ? first : second) }
                    }
                    return try await group.reduce(into: Set()) { $0.insert($1) }
                }
                #expect(cursors.count == 1)
            }
            #expect(try lengths(in: database) == [["32"]])
        }
    }

    @Test func `a secret that is given is used, and none is kept`() async throws {
        let variables = ["SECRET_KEY": Self.given]
        try await withApplication(variables) { first, database in
            try await register(first)
            let cursor = try await cursor(first)
            #expect(try lengths(in: database) == [])
            try await withApplication(on: database, variables) { second in
                let answer = try await second.send("GET /users?cursor=\(cursor)")
                #expect(answer.status == 200)
            }
            try await withApplication(on: database) { third in
                let answer = try await third.send("GET /users?cursor=\(cursor)")
                #expect(answer.string("code") == "invalid_cursor")
            }
        }
    }

    @Test func `a database that comes late is asked for it when it is there`() async throws {
        try await withProxiedApplication { proxy in
            proxy.set(.refuse)
        } _: { application, proxy, _ in
            let answer = try await application.send("GET /users?cursor=AAAA", as: .token("a.b.c"))
            #expect(answer.status == 503 && answer["Retry-After"] == "1")
            #expect(answer.string("code") == "unavailable")
            proxy.set(.pass)
            let isAsked = await eventually {
                let answer = try? await application.send("GET /users?cursor=AAAA")
                return answer?.string("code") == "invalid_cursor"
            }
            #expect(isAsked)
        }
    }

    @Test(arguments: [(nil, 1), (given, 0)] as [(String?, Int)])
    func `one warning says that none was given, and no secret is logged`(
        _ given: String?, _ count: Int
    ) async throws {
        let log = try await logOfApplication(given.map { ["SECRET_KEY": $0] } ?? [:]) {
            try await register($0)
            _ = try await cursor($0)
        }
        let warnings = log.filter { $0.contains("SECRET_KEY") }
        #expect(warnings.count == count)
        #expect(warnings.allSatisfy { $0.contains(#""log_level":"WARNING""#) })
        #expect(!log.contains { $0.contains(Self.given) })
    }
}
