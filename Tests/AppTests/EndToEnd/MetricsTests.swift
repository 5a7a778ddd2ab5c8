import Glibc
import HTTPTesting
import Reactor
import Routing
import Testing

@testable import App

@Suite("Metrics of the running service", .timeLimit(.minutes(5)))
struct MetricsTests {
    @Test func `what has happened can be read`() async throws {
        try await withApplication { application, _ in
            let json = #"{"email":"ada@example.com","display_name":"Ada"}"#
            #expect(try await application.send("POST /users", json).status == 201)
            #expect(try await application.send("GET /users/7", as: .nobody).status == 401)
            let lines = try await application.scrape()
            let version = BuildInformation.version
            for line in [
                "user_registrations_total 1", "build_info{version=\"\(version)\"} 1",
                #"http_requests_total{method="POST",route="/users",status="201"} 1"#,
                #"http_requests_total{method="GET",route="/users/{id}",status="401"} 1"#,
                #"http_request_duration_seconds_count{method="POST",route="/users"} 1"#,
                // The scrape itself.
                "http_requests_in_flight 1", "http_connections_max 16384",
                #"http_connections_refused_total{reason="descriptors"} 0"#,
                #"rate_limit_exceeded_total{policy="login-ip",enforced="true"} 0"#,
                "log_lines_dropped_total 0",
            ] {
                #expect(lines.contains(line[...]), "\(line)")
            }
            let again = try await application.scrape()
            let scrapes = #"http_requests_total{method="GET",route="/metrics",status="200"} 1"#
            #expect(!lines.contains(scrapes[...]) && again.contains(scrapes[...]))
        }
    }

    @Test func `HEAD has no content, and no other method is for it`() async throws {
        try await withApplication { application, _ in
            let client = try application.connect()
            try await client.send(requestText("HEAD /metrics"))
            let head = try await client.response(toHead: true)
            #expect(head.status == 200 && head.body.isEmpty)
            #expect(try #require(head["Content-Length"].flatMap { Int($0) }) > 1_000)
            let post = try await application.send("POST /metrics", "{}")
            #expect(post.status == 405 && post["Allow"] == "GET, HEAD, OPTIONS")
        }
    }

    @Test func `with a port of their own they are there and nowhere else`() async throws {
        try await withApplication(["METRICS_PORT": "0"]) { application, _ in
            let port = try #require(application.metricsPort)
            #expect(port != application.port)
            let absent = try await application.send("GET /metrics")
            #expect(absent.status == 404 && absent.string("code") == "not_found")
            #expect(!application.routes.contains { $0.template == "/metrics" })
            for path in ["/", "/health", "/users", "/openapi.json", "/version"] {
                let client = try RawHTTPClient(port: port)
                #expect(try await client.exchange(requestText("GET \(path)")).status == 404)
            }
            _ = try await application.scrape()
            let lines = try await application.scrape()
            for line in [
                #"http_requests_total{method="GET",route="/metrics",status="200"} 1"#,
                #"http_requests_total{method="GET",route="-",status="404"} 6"#,
            ] {
                #expect(lines.contains(line[...]), "\(line)")
            }
        }
    }

    @Test(arguments: [false, true])
    func `on a port of their own they are there while all loops are stuck, from the start on`(
        _ hasServed: Bool
    ) async throws {
        try await withApplication(["METRICS_PORT": "0"]) { application, _ in
            if hasServed { #expect(try await application.send("GET /health/live").status == 200) }
            var ends: [CInt] = [-1, -1]
            let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
            try #require(socketpair(AF_UNIX, type, 0, &ends) == 0)
            defer { for end in ends { close(end) } }
            let (reading, writing) = (ends[0], ends[1])
            await withTaskGroup { group in
                // Unless it has served, the service may not even have opened its pools by then.
                for loop in application.loops.loops {
                    group.addTask {
                        await loop.run { _ in
                            var octet: UInt8 = 0
                            _ = read(reading, &octet, 1)
                        }
                    }
                }
                let lines = try? await application.scrape()
                #expect(lines?.contains("http_requests_in_flight 1") == true)
                let octets = [UInt8](repeating: 0, count: application.loops.loops.count)
                #expect(write(writing, octets, octets.count) == octets.count)
            }
        }
    }

    @Test func `a client that reads nothing of them holds up nobody`() async throws {
        try await withApplication { application, _ in
            let slow = try application.connect()
            try await slow.send(String(repeating: requestText("GET /metrics"), count: 64))
            #expect(try await application.send("GET /health/live").status == 200)
            #expect(try await application.scrape().count > 50)
        }
    }
}

extension TestApplication {
    /// The lines of values that a scrape reads, from whichever port.
    func scrape() async throws -> [Substring] {
        let client = try RawHTTPClient(port: metricsPort ?? port)
        let answer = try await client.exchange(requestText("GET /metrics"))
        try #require(answer.status == 200)
        return answer.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    }
}
