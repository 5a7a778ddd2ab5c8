import HTTP
import HTTPTesting
import HTTPTypes
import Monitoring
import PrometheusMetrics
import Reactor
import Routing
import Testing

@Suite("GET /metrics")
struct MetricsEndpointTests {
    private static let text = "# HELP a_total A.\n# TYPE a_total counter\na_total 5\n"
    private static let openMetrics = "# HELP a A.\n# TYPE a counter\na_total 5\n# EOF\n"

    private func router(queueMax: Int = 4) throws -> Router {
        let registry = MetricsRegistry(loopCount: 1)
        Counter("a_total", "A.", in: registry).add(5, on: registry.sharedShard)
        let pool = try OffloadPool(name: "scraping", threads: 1, queueMax: queueMax)
        return Router([Route(.get, "/metrics", .metrics, MetricsEndpoint(registry, on: pool))])
    }

    @Test(arguments: [
        ([], false), (["Accept: */*"], false), (["Accept: text/plain; version=0.0.4"], false),
        (["Accept: application/openmetrics-text; version=1.0.0"], true),
        (["Accept: text/plain;q=0.5, application/openmetrics-text;q=0.4"], false),
        (["Accept: text/plain;q=0.4, application/openmetrics-text;q=0.5"], true),
    ])
    func `comes in the form that is preferred`(_ fields: [String], _ isOpen: Bool) async throws {
        let response = try await router().respond(to: try Request("GET /metrics", fields: fields))
        #expect(response.status == .ok)
        let body = String(decoding: response.body, as: UTF8.self)
        #expect(body == (isOpen ? Self.openMetrics : Self.text))
        #expect(
            response.fields.value(of: .contentType)
                == (isOpen
                    ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                    : "text/plain; version=0.0.4; charset=utf-8"))
        #expect(response.fields.value(of: .vary) == "Accept, Accept-Encoding")
        #expect(response.fields.value(of: .cacheControl) == "no-store")
        #expect(!response.fields.contains(.contentEncoding))
    }

    @Test func `comes in gzip to whoever takes that`() async throws {
        let request = try Request("GET /metrics", fields: ["Accept-Encoding: gzip"])
        let response = try await router().respond(to: request)
        #expect(response.fields.value(of: .contentEncoding) == "gzip")
        #expect(response.fields.value(of: .vary) == "Accept, Accept-Encoding")
        #expect(response.body.prefix(3) == [0x1f, 0x8b, 8])
        let refusing = try Request("GET /metrics", fields: ["Accept-Encoding: gzip;q=0"])
        #expect(try await router().respond(to: refusing).body == Array(Self.text.utf8))
    }

    @Test func `is 406 to whoever takes neither form`() async throws {
        let request = try Request("GET /metrics", fields: ["Accept: application/json"])
        let response = try await router().respond(to: request)
        #expect(response.status == .notAcceptable)
    }

    @Test func `is 503 when too many wait for theirs`() async throws {
        let response = try await router(queueMax: 0).respond(to: try Request("GET /metrics"))
        #expect(response.status == .serviceUnavailable)
        #expect(response.fields.value(of: .retryAfter) == "1")
    }

    @Test func `many at once all get theirs`() async throws {
        let router = try router(queueMax: 16)
        let bodies = await withTaskGroup { group in
            for _ in 0..<16 {
                group.addTask {
                    let request = try? Request("GET /metrics")
                    guard let request else { return [UInt8]() }
                    return await router.respond(to: request).body
                }
            }
            return await group.reduce(into: [[UInt8]]()) { $0.append($1) }
        }
        #expect(bodies == Array(repeating: Array(Self.text.utf8), count: 16))
    }
}
