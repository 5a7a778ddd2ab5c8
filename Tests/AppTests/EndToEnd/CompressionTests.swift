import Gzip
import HTTPTesting
import Postgres
import PostgresTesting
import Testing

@testable import App

@Suite("Compressed content, over sockets")
struct CompressionTests {
    private static let gzip = "Accept-Encoding: gzip"
    private static let ada = #"{"email":"ada@example.com","display_name":"Ada"}"#

    private func inflated(_ response: RawResponse) throws -> [UInt8] {
        let inflated = Inflater()?.inflate(response.body.span, upTo: 4 << 20)
        let step = try #require(inflated)
        #expect(step.usedCount == response.body.count && !step.isFull)
        return step.output
    }

    private func packed(_ text: String) -> [UInt8] {
        Gzip.compress(Array(text.utf8).span, level: 9) ?? []
    }

    private func post(
        _ content: [UInt8], _ coding: String, to application: TestApplication,
        fields: [String] = []
    ) async throws -> RawResponse {
        let client = try RawHTTPClient(port: application.port)
        let token = try await #require(application.administrator).text()
        let lines =
            [
                "POST /users HTTP/1.1", "Host: localhost", "Authorization: Bearer \(token)",
                "Content-Type: application/json", "Content-Encoding: \(coding)",
                "Content-Length: \(content.count)",
            ] + fields + ["", ""]
        try await client.send(Array(lines.joined(separator: "\r\n").utf8) + content)
        return try await client.response()
    }

    @Test func `a list comes in gzip to whoever asks, short or long`() async throws {
        try await withApplication { application, database in
            let connection = try database.connect()
            for _ in 0..<200 { try connection.add() }
            for limit in [5, 200] {
                let line = "GET /users?limit=\(limit)"
                let plain = try await application.send(line)
                #expect(plain["Content-Encoding"] == nil && plain.body.count > 1024)
                let packed = try await application.send(line, fields: [Self.gzip])
                #expect(packed["Content-Encoding"] == "gzip")
                #expect(packed["Vary"] == "Authorization, Accept-Encoding")
                #expect(packed["Vary"] == plain["Vary"])
                #expect(packed.body.count * 2 < plain.body.count)
                #expect(try inflated(packed) == plain.body)
            }
        }
    }

    @Test func `each form of a user has its tag, and any of them says which version`() async throws
    {
        try await withApplication { application, _ in
            let long = String(repeating: "otter ", count: 300)
            let created = try await application.send(
                "POST /users",
                #"{"email":"ada@example.com","display_name":"Ada","metadata":{"a":"\#(long)"}}"#,
                fields: [Self.gzip])
            #expect(created.status == 201 && created["ETag"] == "\"1-a-gzip\"")
            #expect(created["Content-Encoding"] == "gzip")
            let path = try #require(created["Location"])
            #expect(try await application.send("GET \(path)")["ETag"] == "\"1-a\"")
            for tag in ["\"1-a-gzip\"", "\"1-a\"", "\"1\"", "\"1-gzip\""] {
                let same = try await application.send(
                    "GET \(path)", fields: [Self.gzip, "If-None-Match: \(tag)"])
                #expect(same.status == 304)
                #expect(same["ETag"] == (tag == "\"1-a-gzip\"" ? tag : "\"1-a\""))
            }
            // RFC 9110 §13.1.2: what it would be sent now is another form than the one it has.
            let inflated = try await application.send(
                "GET \(path)", fields: ["If-None-Match: \"1-a-gzip\""])
            #expect(inflated.status == 200 && inflated["ETag"] == "\"1-a\"")
            let changed = try await application.send(
                "PATCH \(path)", #"{"display_name":"Countess"}"#,
                fields: ["If-Match: \"1-a-gzip\""])
            #expect(changed.status == 200 && changed["ETag"] == "\"2-a\"")
            let late = try await application.send(
                "PATCH \(path)", #"{"display_name":"Ada"}"#, fields: ["If-Match: \"1-a-gzip\""])
            #expect(late.status == 412 && late["Content-Encoding"] == nil)
        }
    }

    @Test func `what may hold a secret is never compressed`() async throws {
        try await withApplication(["GZIP_MIN_SIZE": "64"]) { application, _ in
            let login = try await application.send(
                "POST /auth/login",
                """
                {"email":"\(TestAdministrator.email)","password":"\(TestAdministrator.password)"}
                """, fields: [Self.gzip])
            #expect(login.status == 200 && login.string("access_token") != nil)
            for line in ["GET /users/me/sessions", "GET /nothing", "GET /health"] {
                let answer = try await application.send(line, fields: [Self.gzip])
                #expect(answer["Content-Encoding"] == nil && answer["Vary"] == nil, "\(line)")
                #expect(answer["Cache-Control"] == "no-store" && answer.body.count > 64, "\(line)")
            }
        }
    }

    @Test func `nothing is compressed where that is switched off, but requests may be`()
        async throws
    {
        try await withApplication(["GZIP_ENABLED": "false"]) { application, _ in
            for line in ["GET /openapi.json", "GET /problems", "GET /users"] {
                let answer = try await application.send(line, fields: [Self.gzip])
                #expect(answer.status == 200 && answer["Content-Encoding"] == nil, "\(line)")
            }
            #expect(try await post(packed(Self.ada), "gzip", to: application).status == 201)
        }
    }

    @Test func `documents have both forms, each with its tag`() async throws {
        try await withApplication { application, _ in
            for path in ["/openapi.json", "/problems", "/problems/email_taken"] {
                let plain = try await application.send("GET \(path)")
                let packed = try await application.send("GET \(path)", fields: [Self.gzip])
                #expect(packed["Content-Encoding"] == "gzip", "\(path)")
                #expect(packed["Vary"] == "Accept-Encoding" && plain["Vary"] == packed["Vary"])
                #expect(try inflated(packed) == plain.body)
                let tag = try #require(plain["ETag"])
                #expect(packed["ETag"] == "\(tag.dropLast())-gzip\"")
                let same = try await application.send(
                    "GET \(path)", fields: [Self.gzip, "If-None-Match: \(tag.dropLast())-gzip\""])
                #expect(same.status == 304 && same["ETag"] == packed["ETag"])
            }
        }
    }

    @Test func `a request in gzip is the request that it holds`() async throws {
        try await withApplication { application, _ in
            let key = ["Idempotency-Key: 0a1b2c"]
            let first = try await post(packed(Self.ada), "gzip", to: application, fields: key)
            #expect(first.status == 201 && first.string("email") == "ada@example.com")
            // Other octets, and the same content.
            let level1 = Gzip.compress(Array(Self.ada.utf8).span, level: 1) ?? []
            let again = try await post(
                level1 + packed(""), "x-gzip", to: application, fields: key)
            #expect(again.status == 201 && again["Idempotency-Replayed"] == "true")
            let plain = try await application.send("POST /users", Self.ada, fields: key)
            #expect(plain.status == 201 && plain["Idempotency-Replayed"] == "true")
        }
    }

    @Test func `what cannot be inflated, or not within the limit, is refused`() async throws {
        try await withApplication { application, _ in
            let spaces = String(repeating: " ", count: 2 << 20)
            let cases: [([UInt8], String, Int, String)] = [
                (Array(Self.ada.utf8), "gzip", 400, "malformed_gzip"),
                (packed(Self.ada).dropLast(4), "gzip", 400, "malformed_gzip"),
                (packed(Self.ada) + [0], "gzip", 400, "malformed_gzip"),
                (packed(Self.ada), "br", 415, "unsupported_content_coding"),
                (packed(Self.ada + spaces), "gzip", 413, "body_too_large"),
                (packed(""), "gzip", 400, "malformed_json"),
            ]
            for (content, coding, status, code) in cases {
                let answer = try await post(Array(content), coding, to: application)
                #expect(answer.status == status && answer.string("code") == code, "\(code)")
                #expect(
                    answer["Accept-Encoding"] == (status == 415 ? "gzip, identity" : nil))
            }
            let login = try await application.send(
                "POST /auth/login", "{}", fields: ["Content-Encoding: br"])
            #expect(login.status == 415)
        }
    }
}
