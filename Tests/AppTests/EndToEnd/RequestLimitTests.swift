import Ambient
import HTTPTesting
import HTTPTypes
import JSON
import Postgres
import PostgresTesting
import Routing
import Testing

@testable import App

@Suite("The limits of every request")
struct RequestLimitTests {
    private static func limited(_ variables: [String: String] = [:]) -> [String: String] {
        ["RATE_LIMIT_ENABLED": "true"].merging(variables) { $1 }
    }

    /// A request of nobody, which the database has nothing to do with.
    private func ask(
        _ application: TestApplication, _ line: String = "GET /nothing", fields: [String] = []
    ) async throws -> RawResponse {
        try await application.send(line, fields: fields, as: .nobody)
    }

    private func forwarded(_ address: String) -> [String] { ["X-Forwarded-For: \(address)"] }

    @Test func `every route is limited but those of operation`() async throws {
        let lines = [
            "GET /health": 200, "GET /health/live": 200, "GET /health/ready": 200,
            "GET /version": 200, "GET /metrics": 200, "OPTIONS /health": 204,
        ]
        try await withApplication(Self.limited(["RATE_LIMIT_IP": "1/1h"])) { application, _ in
            #expect(try await ask(application).status == 404)
            let refused = try await ask(application)
            #expect(refused.status == 429 && refused.string("code") == "rate_limited")
            #expect(refused["RateLimit-Policy"] == #""ip";q=1;w=3600"#)
            #expect(refused["Retry-After"] == "3600" || refused["Retry-After"] == "3599")
            let unlimited = Set(lines.keys.compactMap { $0.split(separator: " ").last })
            for route in application.routes
            where !unlimited.contains(where: { $0 == route.template }) {
                let path = route.template.replacing(/\{[a-z_]+\}/, with: "x")
                let answer = try await ask(application, "\(route.method.rawValue) \(path)")
                #expect(answer.status == 429, "\(route.method.rawValue) \(path)")
            }
            for (line, status) in lines {
                let answer = try await ask(application, line)
                #expect(answer.status == status && answer["RateLimit"] == nil, "\(line)")
            }
        }
    }

    @Test func `a flood of bad tokens counts for its network, and users behind it are let in`()
        async throws
    {
        try await withApplication(Self.limited(["RATE_LIMIT_IP": "5/1h"])) { application, _ in
            let authorization = try await application.authorization
            var statuses: [Int] = []
            for _ in 0..<6 {
                statuses.append(
                    try await application.send("GET /users/me", as: .token("nonsense")).status)
            }
            // The login was the first of the five.
            #expect(statuses == [401, 401, 401, 401, 429, 429])
            let user = try await ask(application, "GET /users/me", fields: [authorization])
            #expect(user.status == 200)
            #expect(user["RateLimit-Policy"] == #""token";q=60000;w=60"#)
            #expect(user["RateLimit"] == #""token";r=59999;t=1"#)
        }
    }

    @Test func `a login tells of each of its three policies`() async throws {
        try await withApplication(Self.limited()) { application, _ in
            let answer = try await application.logIn("nobody@example.com", "not the password")
            let policies = answer.fields.filter { $0.name == "RateLimit-Policy" }.map(\.value)
            #expect(
                policies == [
                    #""login-id";q=5;w=300"#, #""login-ip";q=60;w=60"#, #""ip";q=600;w=60"#,
                ])
            let standings = answer.fields.filter { $0.name == "RateLimit" }.map(\.value)
            #expect(
                standings.map { $0.prefix { $0 != ";" } } == [
                    #""login-id""#, #""login-ip""#, #""ip""#,
                ])
        }
    }

    @Test func `both can be switched off, each by itself`() async throws {
        let off = Self.limited(["RATE_LIMIT_IP": "off", "RATE_LIMIT_TOKEN": "off"])
        try await withApplication(off) { application, _ in
            #expect(try await ask(application)["RateLimit"] == nil)
            let answer = try await application.send("GET /users/me")
            #expect(answer.status == 200 && answer["RateLimit"] == nil)
        }
    }

    @Test func `behind a proxy that is not known as one nobody is refused, and one line warns`()
        async throws
    {
        let lines = try await logOfApplication(Self.limited(["RATE_LIMIT_IP": "1/1h"])) {
            application, _ in
            for host in 1...5 {
                let answer = try await ask(application, fields: forwarded("203.0.113.\(host)"))
                #expect(answer.status == 404)
            }
            #expect(try await ask(application).status == 429)
            let metrics = try await ask(application, "GET /metrics").text
            let series = #"rate_limit_exceeded_total{policy="ip",enforced="#
            #expect(metrics.contains(series + "\"false\"} 4\n"))
            #expect(metrics.contains(series + "\"true\"} 1\n"))
        }
        #expect(lines.filter { $0.contains("TRUSTED_PROXIES") }.count == 1)
    }

    @Test func `behind a trusted proxy each client has a quota`() async throws {
        let variables = Self.limited([
            "RATE_LIMIT_IP": "1/1h", "TRUSTED_PROXIES": "127.0.0.0/8, 10.0.0.0/8",
            "LOG_CLIENT_ADDRESS": "true",
        ])
        let lines = try await logOfApplication(variables) { application, _ in
            for client in ["203.0.113.1", "203.0.113.2", "2001:db8:1:2::1", "2001:db8:1:3::1"] {
                for status in [404, 429] {
                    let answer = try await ask(application, fields: forwarded(client))
                    #expect(answer.status == status, "\(client)")
                }
            }
            // What a client has said itself changes nothing; a host of the same network neither.
            for client in ["203.0.113.9, 203.0.113.1", "2001:db8:1:2::2, 10.1.1.1"] {
                #expect(try await ask(application, fields: forwarded(client)).status == 429)
            }
            // The proxy itself is a client as well.
            #expect(try await ask(application).status == 404)
            #expect(try await ask(application, fields: forwarded("unknown")).status == 429)
        }
        let clients = lines.compactMap { line -> String? in
            guard case .object(let object)? = try? JSONParser.parse(Array(line.utf8).span),
                case .string(let client)? = object["client"]
            else { return nil }
            return client
        }
        #expect(Set(clients).isSuperset(of: ["203.0.113.1", "2001:db8:1:2::2", "127.0.0.1"]))
        #expect(!clients.contains("10.1.1.1") && !clients.contains("203.0.113.9"))
    }

    @Test func `a network that nobody trusts forwards for nobody`() async throws {
        let variables = Self.limited(["RATE_LIMIT_IP": "1/1h", "TRUSTED_PROXIES": "10.0.0.0/8"])
        let lines = try await logOfApplication(variables) { application, _ in
            for (host, status) in [(1, 404), (2, 429)] {
                let answer = try await ask(application, fields: forwarded("203.0.113.\(host)"))
                #expect(answer.status == status)
            }
        }
        #expect(!lines.contains { $0.contains("TRUSTED_PROXIES") })
    }

    @Test func `a session and a repeated registration know the client behind the proxy`()
        async throws
    {
        try await withApplication(["TRUSTED_PROXIES": "127.0.0.1/32"]) { application, database in
            let user = try database.connect().add()
            let login = try await application.connect().exchangePatiently(
                loginText(
                    user.email, TestAdministrator.password,
                    fields: ["Forwarded: for=\"[2001:db8::7]:4711\""]))
            let session = try TestSession(login)
            let sessions = try await application.send(
                "GET /users/me/sessions", as: session.caller)
            #expect(sessions.text.contains(#""address":"2001:db8::7""#))
            func register(_ name: String, from client: String) async throws -> RawResponse {
                let json =
                    #"{"email":"\#(name)@example.com","display_name":"A","#
                    + #""password":"correct horse battery"}"#
                return try await application.connect().exchangePatiently(
                    requestText(
                        "POST /users", json,
                        fields: ["Idempotency-Key: k"] + forwarded(client)))
            }
            #expect(try await register("a", from: "203.0.113.1").status == 201)
            #expect(try await register("b", from: "203.0.113.2").status == 201)
            let again = try await register("a", from: "203.0.113.1")
            #expect(again.status == 201 && again["Idempotency-Replayed"] == "true")
            #expect(try await register("b", from: "203.0.113.1").status == 422)
        }
    }
}
