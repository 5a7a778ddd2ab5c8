import Ambient
import HTTP
import HTTPTesting
import HTTPTypes
import MetricsTesting
import PrometheusMetrics
import RateLimiting
import Routing
import Testing

/// Answers 201, or fails with a problem; counts how often it is asked.
private struct TestEndpoint: Endpoint {
    let asked = Counter()
    var problem: Problem?

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        asked.add()
        if let problem { throw problem }
        return Response(status: .created, contentType: "text/plain", body: [1])
    }
}

@Suite("An endpoint behind a limit")
struct LimitedEndpointTests {
    private let clock = ManualClock()
    private let noticed = Counter()
    private let metrics = MetricsRegistry(loopCount: 1)

    private func limiter(_ requestCount: Int) -> RateLimiter {
        let noticed = noticed
        return .test(
            requestCount: requestCount, clock: clock,
            notice: SharedQuotaNotice { noticed.add() }, metrics: metrics)
    }

    /// What has been counted, each with its labels.
    private var counted: [String] {
        metrics.nonzeroLines.filter { $0.hasPrefix("rate_limit_exceeded_total{") }
            .map { String($0.dropFirst("rate_limit_exceeded_total".count)) }
    }

    private func router(_ endpoint: TestEndpoint, _ limiter: RateLimiter?) -> Router {
        let route = Route(.post, "/users", .untold, endpoint)
        return Router([route.limited(by: limiter)])
    }

    private func ask(
        _ router: Router, _ client: ClientAddress = ClientAddress(v4: 0xc0000201),
        fields: [String] = [], method: String = "POST"
    ) async throws -> Response {
        await router.respond(
            to: try Request("\(method) /users", fields: fields, id: "r-1", client: client))
    }

    @Test func `an answer tells of the policy and of what is left`() async throws {
        let router = router(TestEndpoint(), limiter(60))
        let first = try await ask(router)
        #expect(first.status == .created && first.body == [1])
        #expect(first.fields.value(of: .rateLimitPolicy) == #""login-ip";q=60;w=60"#)
        #expect(first.fields.value(of: .rateLimit) == #""login-ip";r=59;t=1"#)
        #expect(!first.fields.contains(.retryAfter))
        let second = try await ask(router)
        #expect(second.fields.value(of: .rateLimit) == #""login-ip";r=58;t=2"#)
    }

    @Test func `a problem does, too, and has what it had`() async throws {
        let unavailable = Problem.unavailable(retryAfterSeconds: 5)
        let response = try await ask(router(TestEndpoint(problem: unavailable), limiter(4)))
        #expect(response.status == .serviceUnavailable)
        #expect(response.fields.value(of: .retryAfter) == "5")
        #expect(response.fields.value(of: .rateLimitPolicy) == #""login-ip";q=4;w=60"#)
        #expect(response.fields.value(of: .rateLimit) == #""login-ip";r=3;t=15"#)
    }

    @Test func `beyond the quota it is 429, and the endpoint is not asked`() async throws {
        let endpoint = TestEndpoint()
        let router = router(endpoint, limiter(2))
        for _ in 0..<2 { #expect(try await ask(router).status == .created) }
        clock.advance(by: .milliseconds(500))
        let refused = try await ask(router)
        #expect(refused.status == .tooManyRequests)
        #expect(refused.fields.value(of: .contentType) == "application/problem+json")
        #expect(refused.fields.value(of: .cacheControl) == "no-store")
        #expect(refused.fields.value(of: .retryAfter) == "30")
        #expect(refused.fields.value(of: .rateLimitPolicy) == #""login-ip";q=2;w=60"#)
        #expect(refused.fields.value(of: .rateLimit) == #""login-ip";r=0;t=60"#)
        #expect(refused.route?.template == "/users")
        #expect(
            String(decoding: refused.body, as: UTF8.self)
                == #"{"type":"/problems/rate_limited","title":"There were too many requests","#
                + #""status":429,"detail":"Try again in 30 s.","instance":"/users","#
                + #""code":"rate_limited","request_id":"r-1"}"#)
        #expect(endpoint.asked.value == 2)
        #expect(counted == [#"{policy="login-ip",enforced="true"} 1"#])

        let other = try await ask(router, ClientAddress(v4: 0xc0000202))
        #expect(other.status == .created)
        clock.advance(by: .milliseconds(29_499))
        #expect(try await ask(router).status == .tooManyRequests)
        clock.advance(by: .milliseconds(1))
        #expect(try await ask(router).status == .created)
        #expect(endpoint.asked.value == 4)
    }

    @Test func `a request that reaches no endpoint is not counted`() async throws {
        let router = router(TestEndpoint(), limiter(1))
        #expect(try await ask(router, method: "GET").status == .methodNotAllowed)
        let options = try await ask(router, method: "OPTIONS")
        #expect(options.status == .noContent && !options.fields.contains(.rateLimit))
        #expect(try await ask(router).status == .created)
    }

    @Test func `whoever holds the exemption is neither counted nor refused`() async throws {
        let grant = Operation.Grant("users:write", mask: 2)
        let limiter = limiter(1)
        let endpoint = LimitedEndpoint(TestEndpoint(), by: limiter, but: grant)
        let router = Router([Route(.post, "/users", .untold, endpoint)])
        for grants: UInt8 in [3, 2, 2] {
            var request = try Request("POST /users", id: "r-1")
            request.principal = Principal(
                user: UUID(high: 1, low: 1), session: UUID(high: 1, low: 2), grants: grants)
            let response = await router.respond(to: request)
            #expect(response.status == .created && !response.fields.contains(.rateLimit))
        }
        var request = try Request("POST /users", id: "r-1")
        request.principal = Principal(
            user: UUID(high: 1, low: 1), session: UUID(high: 1, low: 2), grants: 1)
        #expect(await router.respond(to: request).status == .created)
        #expect(await router.respond(to: request).status == .tooManyRequests)
    }

    @Test func `without a limiter the route is as it was`() async throws {
        let router = router(TestEndpoint(), nil)
        let response = try await ask(router)
        #expect(response.status == .created && !response.fields.contains(.rateLimit))
        #expect(router.table[0].operation.problems.isEmpty)
    }

    struct ProxyCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var client = ClientAddress(v4: 0x0a00_0001)
        var fields: [String] = []
        let isRefused: Bool
    }

    @Test(arguments: [
        ProxyCase(
            testDescription: "X-Forwarded-For from a private address",
            fields: ["X-Forwarded-For: 192.0.2.1"], isRefused: false),
        ProxyCase(
            testDescription: "Forwarded from a private address", fields: ["Forwarded: for=_x"],
            isRefused: false),
        ProxyCase(
            testDescription: "both, twice, from this machine",
            client: ClientAddress(high: 0, low: 1),
            fields: ["forwarded: for=_x", "x-forwarded-for:", "X-FORWARDED-FOR: y"],
            isRefused: false),
        ProxyCase(testDescription: "nothing from a private address", isRefused: true),
        ProxyCase(
            testDescription: "another field from a private address",
            fields: ["X-Forwarded-Proto: https", "Via: 1.1 proxy"], isRefused: true),
        ProxyCase(
            testDescription: "X-Forwarded-For from a public address",
            client: ClientAddress(v4: 0xc000_0201), fields: ["X-Forwarded-For: 10.0.0.1"],
            isRefused: true),
        ProxyCase(
            testDescription: "X-Forwarded-For from no address", client: .unknown,
            fields: ["X-Forwarded-For: 10.0.0.1"], isRefused: true),
    ])
    func `a proxy that is not known as one is counted and not refused`(
        _ given: ProxyCase
    ) async throws {
        let router = router(TestEndpoint(), limiter(1))
        _ = try await ask(router, given.client, fields: given.fields)
        #expect(noticed.value == 0)
        for _ in 0..<3 {
            let response = try await ask(router, given.client, fields: given.fields)
            #expect(response.status == (given.isRefused ? .tooManyRequests : .created))
            #expect(response.fields.value(of: .rateLimit) == #""login-ip";r=0;t=60"#)
        }
        #expect(noticed.value == (given.isRefused ? 0 : 1))
        #expect(counted == [#"{policy="login-ip",enforced="\#(given.isRefused)"} 3"#])
    }
}
