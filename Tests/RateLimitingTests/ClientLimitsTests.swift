import Ambient
import HTTP
import HTTPTesting
import HTTPTypes
import PrometheusMetrics
import RateLimiting
import Routing
import Testing

/// Answers 200 and counts how often it is asked.
private struct TestEndpoint: Endpoint {
    let asked = Counter()

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        asked.add()
        return Response(status: .ok)
    }
}

/// Knows users by the number that is their token; it is asked each time, or knows them beforehand.
private final class TestAuthenticator: Authenticator {
    private let knowsBeforehand: Bool

    init(knowsBeforehand: Bool) { self.knowsBeforehand = knowsBeforehand }

    func knownPrincipal(of request: Request) -> Principal? {
        knowsBeforehand ? principal(request) : nil
    }

    func principal(of request: Request) async throws(Problem) -> Principal? {
        if knownPrincipal(of: request) != nil { Issue.record("It had told whom it knows.") }
        switch request.head.fields.value(of: .authorization) {
        case nil: return nil
        case "away": throw .unavailable(retryAfterSeconds: 1)
        default:
            guard let principal = principal(request) else {
                throw .invalidToken
            }
            return principal
        }
    }

    private func principal(_ request: Request) -> Principal? {
        request.head.fields.value(of: .authorization).flatMap(UInt64.init).map {
            Principal(user: UUID(high: 0, low: $0), session: UUID(high: 1, low: $0), grants: 1)
        }
    }
}

@Suite("The limits of every request")
struct ClientLimitsTests {
    private let clock = ManualClock()
    private let noticed = Counter()
    private let endpoint = TestEndpoint()

    private func limiter(_ name: RateLimitPolicy.Name, _ requestCount: Int) -> RateLimiter {
        let (clock, noticed) = (clock, noticed)
        return RateLimiter(
            RateLimitPolicy(name, RateLimit(requestCount: requestCount, windowSeconds: 60)),
            notice: SharedQuotaNotice { noticed.add() },
            metrics: RateLimitMetrics(in: MetricsRegistry(loopCount: 1)), now: { clock.now })
    }

    private func router(
        ip: RateLimiter?, token: RateLimiter? = nil, knowsBeforehand: Bool = false
    ) -> Router {
        func operation(_ id: String, _ access: Operation.Access, isUnlimited: Bool) -> Operation {
            Operation(
                id, tag: "t", "T", access: access, isUnlimited: isUnlimited,
                answers: [Operation.Answer(200, "It is.")])
        }
        let grant = Operation.Grant("users:read", mask: 1)
        return Router(
            [
                Route(
                    .get, "/users", operation("a", .holder(grant), isUnlimited: false), endpoint),
                Route(.get, "/docs", operation("b", .anybody, isUnlimited: false), endpoint),
                Route(.get, "/health", operation("c", .anybody, isUnlimited: true), endpoint),
            ], authenticator: TestAuthenticator(knowsBeforehand: knowsBeforehand),
            limits: ClientLimits(ofNetworks: ip, ofUsers: token))
    }

    private func ask(
        _ router: Router, _ line: String, token: String? = nil, from host: UInt32 = 1,
        fields: [String] = []
    ) async throws -> Response {
        let authorization = token.map { ["Authorization: \($0)"] } ?? []
        return await router.respond(
            to: try Request(
                line, fields: authorization + fields, id: "r",
                client: ClientAddress(v4: 0xcb00_7100 + host)))
    }

    @Test(
        arguments: [
            ("GET /docs", nil, 200), ("GET /docs", "7", 200), ("GET /users", nil, 401),
            ("GET /users", "bad", 401), ("GET /nothing", nil, 404), ("GET /nothing", "7", 404),
            ("PUT /docs", nil, 405), ("OPTIONS /docs", nil, 204), ("OPTIONS *", nil, 204),
            ("BREW /docs", nil, 501), ("HEAD /docs", nil, 200),
        ] as [(String, String?, Int)])
    func `what speaks for nobody counts for its network, whatever becomes of it`(
        _ line: String, _ token: String?, _ status: Int
    ) async throws {
        let router = router(ip: limiter(.ip, 2), token: limiter(.token, 100))
        for remaining in [1, 0] {
            let response = try await ask(router, line, token: token)
            #expect(response.status.code == status)
            #expect(response.fields.value(of: .rateLimitPolicy) == #""ip";q=2;w=60"#)
            #expect(
                response.fields.value(of: .rateLimit)
                    == #""ip";r=\#(remaining);t=\#(60 - 30 * remaining)"#)
        }
        let asked = endpoint.asked.value
        let refused = try await ask(router, line, token: token)
        #expect(refused.status == .tooManyRequests)
        #expect(refused.fields.value(of: .retryAfter) == "30")
        #expect(refused.fields.value(of: .rateLimitPolicy) == #""ip";q=2;w=60"#)
        #expect(refused.fields.value(of: .rateLimit) == #""ip";r=0;t=60"#)
        #expect(endpoint.asked.value == asked)
        #expect(try await ask(router, line, token: token, from: 2).status.code == status)
        #expect(try await ask(router, "GET /users", token: "7").status == .ok)
        #expect(try await ask(router, "GET /health").status == .ok)
        clock.advance(by: .seconds(30))
        #expect(try await ask(router, line, token: token).status.code == status)
        #expect(try await ask(router, line, token: token).status == .tooManyRequests)
    }

    @Test(arguments: [false, true])
    func `what speaks for a user counts for the user, wherever it comes from`(
        _ knowsBeforehand: Bool
    ) async throws {
        let router = router(
            ip: limiter(.ip, 1), token: limiter(.token, 2), knowsBeforehand: knowsBeforehand)
        for (host, remaining) in [(1, 1), (2, 0)] as [(UInt32, Int)] {
            let response = try await ask(router, "GET /users", token: "7", from: host)
            #expect(response.status == .ok)
            #expect(response.fields.value(of: .rateLimitPolicy) == #""token";q=2;w=60"#)
            #expect(
                response.fields.value(of: .rateLimit)
                    == #""token";r=\#(remaining);t=\#(60 - 30 * remaining)"#)
        }
        let refused = try await ask(router, "GET /users", token: "7", from: 3)
        #expect(refused.status == .tooManyRequests && refused.user == UUID(high: 0, low: 7))
        #expect(refused.route?.template == "/users")
        #expect(try await ask(router, "GET /users", token: "8", from: 3).status == .ok)
        #expect(endpoint.asked.value == 3)
        // None of them has taken anything of their networks' quotas.
        #expect(try await ask(router, "GET /users", from: 1).status == .unauthorized)
        #expect(try await ask(router, "GET /users", from: 1).status == .tooManyRequests)
    }

    @Test func `while nobody can tell whom it speaks for, it counts for nobody`() async throws {
        let router = router(ip: limiter(.ip, 1), token: limiter(.token, 1))
        for _ in 0..<3 {
            let response = try await ask(router, "GET /users", token: "away")
            #expect(response.status == .serviceUnavailable)
            #expect(!response.fields.contains(.rateLimit))
        }
        #expect(try await ask(router, "GET /docs").status == .ok)
    }

    @Test func `what is never limited is not counted either`() async throws {
        let router = router(ip: limiter(.ip, 1), token: limiter(.token, 1))
        for line in ["GET /health", "HEAD /health", "OPTIONS /health", "PUT /health"] {
            let response = try await ask(router, line)
            #expect(response.status != .tooManyRequests && !response.fields.contains(.rateLimit))
        }
        #expect(try await ask(router, "GET /docs").status == .ok)
    }

    @Test func `each of the two may be absent`() async throws {
        let ofUsers = router(ip: nil, token: limiter(.token, 1))
        for _ in 0..<3 {
            let response = try await ask(ofUsers, "GET /docs")
            #expect(response.status == .ok && !response.fields.contains(.rateLimit))
        }
        #expect(try await ask(ofUsers, "GET /users", token: "7").status == .ok)
        #expect(try await ask(ofUsers, "GET /users", token: "7").status == .tooManyRequests)
        let ofNetworks = router(ip: limiter(.ip, 1), token: nil)
        for _ in 0..<3 {
            #expect(try await ask(ofNetworks, "GET /users", token: "7").status == .ok)
        }
        #expect(try await ask(ofNetworks, "GET /docs").status == .ok)
        #expect(try await ask(ofNetworks, "GET /docs").status == .tooManyRequests)
    }

    @Test func `a proxy that is not known as one is counted and not refused`() async throws {
        let router = router(ip: limiter(.ip, 1))
        for _ in 0..<3 {
            let request = try Request(
                "GET /docs", fields: ["X-Forwarded-For: 203.0.113.9"],
                client: ClientAddress(v4: 0x0a00_0001))
            #expect(await router.respond(to: request).status == .ok)
        }
        #expect(noticed.value == 1)
        let direct = try Request("GET /docs", client: ClientAddress(v4: 0x0a00_0001))
        #expect(await router.respond(to: direct).status == .tooManyRequests)
    }

    @Test(arguments: [false, true])
    func `a store that is shared decides on both, each by its key`(
        _ knowsBeforehand: Bool
    ) async throws {
        let store = TestQuotas()
        let router = router(
            ip: limiter(.ip, 1).sharing(store), token: limiter(.token, 1).sharing(store),
            knowsBeforehand: knowsBeforehand)
        store.answer = .admitted(RateLimitStanding(remaining: 5, secondsUntilRestored: 6))
        for (line, token, name) in [
            ("GET /docs", nil, "ip"), ("GET /users", "7", "token"), ("GET /x", nil, "ip"),
        ] as [(String, String?, String)] {
            let response = try await ask(router, line, token: token)
            #expect(response.fields.value(of: .rateLimit) == "\"\(name)\";r=5;t=6")
        }
        let network = RateLimitKey.network(of: ClientAddress(v4: 0xcb00_7101))
        #expect(store.asked == [network, .user(UUID(high: 0, low: 7)), network])
        store.answer = nil
        #expect(try await ask(router, "GET /docs").status == .ok)
        #expect(try await ask(router, "GET /docs").status == .tooManyRequests)
    }

    @Test func `a store that refuses is heard before a bad token, and not about who is unknown`()
        async throws
    {
        let store = TestQuotas()
        let router = router(ip: limiter(.ip, 1).sharing(store))
        store.answer = .refused(
            RateLimitStanding(remaining: 0, secondsUntilRestored: 6), retryAfterSeconds: 1)
        #expect(try await ask(router, "GET /users", token: "bad").status == .tooManyRequests)
        #expect(store.asked.count == 1)
        #expect(try await ask(router, "GET /users", token: "away").status == .serviceUnavailable)
        #expect(store.asked.count == 1)
    }
}
