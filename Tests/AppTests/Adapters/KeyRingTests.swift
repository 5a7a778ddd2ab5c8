import Ambient
import Authentication
import Logging
import Postgres
import PostgresTesting
import PrometheusMetrics
import Reactor
import Testing
import Tokens
import Users

@testable import App

@Suite("Keys that the database keeps")
struct KeyRingTests {
    private static func settings() throws -> TokenSettings {
        try ServiceConfiguration(
            from: .test([
                "DATABASE_URL": "postgresql://localhost/x",
                "JWT_ISSUER": "https://\(String(repeating: "issuer.", count: 20))example",
            ])
        ).tokens
    }

    @Test func `processes that begin at the same time agree on every key`() async throws {
        try await withTestDatabase { database in
            try await withPool(on: database) { pool in
                let rings = try (0..<8).map { _ in try KeyRing(nil, Self.settings()) }
                let pairs = try await withThrowingTaskGroup { group in
                    for ring in rings {
                        group.addTask {
                            let codes = try await ring.derivedKeys(from: pool)
                            let keySet = try await ring.signing(from: pool).keySet
                            return [codes.throttling.code(of: [1]), keySet]
                        }
                    }
                    return try await group.reduce(into: Set()) { $0.insert($1) }
                }
                #expect(pairs.count == 1)
                let names = try database.connect().query(
                    "SELECT name FROM secret_keys ORDER BY name")
                #expect(names == [["JWT_SIGNING_KEYS"], ["SECRET_KEY"]])
            }
        }
    }

    @Test func `a token of one process is good in another`() async throws {
        try await withTestDatabase { database in
            try await withPool(on: database) { pool in
                let (first, second) = (
                    try tokens(pool), try tokens(pool)
                )
                let token = try await first.accessToken(for: grant([]), at: time, seconds: 600)
                let claims = try await second.claims(of: Array(token.utf8), at: time)
                #expect(claims?.user == grant([]).user && claims?.session == grant([]).session)
                #expect(claims?.epoch == 3)
                let ticket = RefreshTicket(session: grant([]).session, counter: 9)
                let refresh = try await first.refreshToken(for: ticket)
                #expect(try await second.ticket(of: refresh) == ticket)
            }
        }
    }

    @Test(arguments: [
        "some nonsense that is as long as a secret is",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
    ])
    func `signing keys in the database that are none are a fault, and are left there`(
        _ text: String
    ) async throws {
        try await withTestDatabase { database in
            let connection = try database.connect()
            _ = try connection.query(
                """
                INSERT INTO secret_keys (name, octets)
                VALUES ('JWT_SIGNING_KEYS', convert_to($1, 'UTF8'))
                """, [text])
            try await withPool(on: database) { pool in
                let ring = try KeyRing(nil, Self.settings())
                var fault: UserError?
                do throws(UserError) { _ = try await ring.signing(from: pool) } catch {
                    fault = error
                }
                guard case .corrupt(let sentence) = fault else {
                    Issue.record("It was taken, or told otherwise: \(String(describing: fault)).")
                    return
                }
                #expect(!sentence.contains("AAAA") && !sentence.contains("nonsense"))
            }
            let kept = try database.connect().query(
                "SELECT convert_from(octets, 'UTF8') FROM secret_keys")
            #expect(kept == [[text]])
        }
    }

    @Test func `a token that many roles would make too long names none of them`() async throws {
        try await withTestDatabase { database in
            try await withPool(on: database) { pool in
                let tokens = try tokens(pool)
                func length(_ roles: [String]) async throws -> Int {
                    let token = try await tokens.accessToken(
                        for: grant(roles), at: time, seconds: 600)
                    let claims = try await tokens.claims(of: Array(token.utf8), at: time)
                    #expect(claims?.epoch == 3)
                    return token.utf8.count
                }
                let long = (0..<16).map { String(repeating: "r", count: 61) + "\(10 + $0)" }
                let none = try await length([])
                #expect(try await length(long) == none)
                #expect(try await length(Array(long.prefix(8))) > none)
                #expect(try await length(Array(long.prefix(8))) <= 2048)
            }
        }
    }

    @Test func `what is handed over is had once`() async {
        let handOver = HandOver("a password")
        #expect(await handOver.take() == "a password")
        #expect(await handOver.take() == nil)
    }

    private let time = Timestamp(microsecondsSince1970: 1_795_380_360_123_456)

    private func grant(_ roles: [String]) -> SessionGrant {
        SessionGrant(
            session: SessionID(UUID(high: 1, low: 2)), user: UserID(UUID(high: 3, low: 4)),
            roles: RoleSet(trusted: roles.map(RoleName.init(trusted:))), epoch: 3, counter: 1,
            expiresAt: time.advanced(bySeconds: SessionLifetimes.idle))
    }

    private func tokens(_ pool: ConnectionPool) throws -> ServiceTokens {
        ServiceTokens(
            keys: try KeyRing(nil, Self.settings()), pool: pool,
            ids: UUIDv7Generator(clock: .fixed(at: time), entropy: .seeded(5)),
            accounts: AccountMetrics(in: MetricsRegistry(loopCount: 1)))
    }

    private func withPool(
        on database: TestDatabase, _ body: (ConnectionPool) async throws -> Void
    ) async throws {
        let loop = try EventLoop()
        try loop.start()
        defer { loop.stop() }
        let connecting = try OffloadPool(name: "connecting", threads: 2, queueMax: 16)
        defer { connecting.stop() }
        var configuration = PoolConfiguration(connectionsMax: 8)
        configuration.acquireTimeout = .seconds(60)
        configuration.answerTimeout = .seconds(60)
        let pool = ConnectionPool(
            loop: loop, keywords: database.url.keywords, connecting: connecting,
            configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        await pool.open()
        let result: Result<Void, any Error>
        do { result = .success(try await body(pool)) } catch { result = .failure(error) }
        await pool.close()
        try result.get()
    }
}
