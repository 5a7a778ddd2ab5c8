import HTTP
import HTTPTesting
import HTTPTypes
import Health
import Routing
import Testing

@Suite("Health endpoints", .timeLimit(.minutes(2)))
struct HealthEndpointTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let report: DatabaseReport
        var isDraining = false
        /// The status of `/health`.
        let overview: Int
        /// The status of `/health/ready`.
        let ready: Int
        /// The body of both.
        let body: String
    }

    private static let latency = Duration.microseconds(1500)

    @Test(arguments: [
        Case(
            testDescription: "all is well", report: .up, overview: 200, ready: 200,
            body: #"{"status":"ok","checks":{"database":{"status":"up","latency_ms":1.5},"#
                + #""schema":{"status":"current","applied":"0002","required":"0002"},"#
                + #""encoding":{"status":"utf8"}}}"#
        ),
        Case(
            testDescription: "the schema is newer",
            report: DatabaseReport(
                latency: latency, schema: .init(.ahead, applied: "0003", required: "0002"),
                isUTF8: true),
            overview: 200, ready: 200,
            body: #"{"status":"ok","checks":{"database":{"status":"up","latency_ms":1.5},"#
                + #""schema":{"status":"ahead","applied":"0003","required":"0002"},"#
                + #""encoding":{"status":"utf8"}}}"#
        ),
        Case(
            testDescription: "migrations are missing",
            report: DatabaseReport(
                latency: latency, schema: .init(.behind, applied: nil, required: "0002"),
                isUTF8: true),
            overview: 200, ready: 503,
            body: #"{"status":"degraded","checks":{"database":{"status":"up","latency_ms":1.5},"#
                + #""schema":{"status":"behind","applied":null,"required":"0002"},"#
                + #""encoding":{"status":"utf8"}}}"#
        ),
        Case(
            testDescription: "another encoding",
            report: DatabaseReport(
                latency: latency, schema: .init(.current, applied: "0002", required: "0002"),
                isUTF8: false),
            overview: 200, ready: 503,
            body: #"{"status":"degraded","checks":{"database":{"status":"up","latency_ms":1.5},"#
                + #""schema":{"status":"current","applied":"0002","required":"0002"},"#
                + #""encoding":{"status":"unsupported"}}}"#
        ),
        Case(
            testDescription: "the database is away", report: .down, overview: 200, ready: 503,
            body: #"{"status":"degraded","checks":{"database":{"status":"down"},"#
                + #""schema":{"status":"unknown"},"encoding":{"status":"unknown"}}}"#),
        Case(
            testDescription: "draining", report: .up, isDraining: true, overview: 503,
            ready: 503,
            body: #"{"status":"draining","checks":{"database":{"status":"up","latency_ms":1.5},"#
                + #""schema":{"status":"current","applied":"0002","required":"0002"},"#
                + #""encoding":{"status":"utf8"}}}"#
        ),
        Case(
            testDescription: "draining while the database is away", report: .down,
            isDraining: true, overview: 503, ready: 503,
            body: #"{"status":"draining","checks":{"database":{"status":"down"},"#
                + #""schema":{"status":"unknown"},"encoding":{"status":"unknown"}}}"#),
    ])
    func `health and readiness say what is known of the database`(_ given: Case) async throws {
        try await withMonitor(TestProbe(given.report)) { test in
            let serving = ServingState()
            if given.isDraining { serving.drainBegan() }
            for (kind, status) in [
                (HealthEndpoint.Kind.overview, given.overview), (.ready, given.ready),
            ] {
                let endpoint = HealthEndpoint(kind, database: test.monitor, serving: serving)
                let response = try await answer(of: endpoint)
                #expect(response.status.code == status)
                #expect(String(decoding: response.body, as: UTF8.self) == given.body)
                #expect(response.fields.value(of: .contentType) == "application/json")
                #expect(response.fields.value(of: .cacheControl) == "no-store")
            }
        }
    }

    @Test(arguments: [false, true])
    func `liveness does not look at the database, nor at the drain`(
        _ isDraining: Bool
    ) async throws {
        let probe = TestProbe(nil)
        try await withMonitor(probe) { test in
            let serving = ServingState()
            if isDraining { serving.drainBegan() }
            let response = try await answer(
                of: HealthEndpoint(.live, database: test.monitor, serving: serving))
            #expect(response.status == .ok)
            #expect(String(decoding: response.body, as: UTF8.self) == #"{"status":"ok"}"#)
            #expect(response.fields.value(of: .cacheControl) == "no-store")
            #expect(probe.looks.count == 0)
        }
    }

    @Test func `the version names the build`() async throws {
        let response = try await answer(of: VersionEndpoint(version: "1.2.3"))
        #expect(response.status == .ok)
        #expect(
            String(decoding: response.body, as: UTF8.self)
                == #"{"name":"user-management","version":"1.2.3"}"#)
    }

    private func answer(of endpoint: any Endpoint) async throws -> Response {
        let router = Router([Route(.get, "/probe", .untold, endpoint)])
        return await router.respond(to: try Request("GET /probe"))
    }
}
