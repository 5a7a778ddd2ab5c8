import HTTPTesting
import PostgresTesting
import Testing

@testable import App

@Suite("Settings, as clients see them")
struct SettingsTests {
    static let ada = #"{"email":"ada@example.com","display_name":"Ada","password":"otters"}"#

    @Test func `registration can be closed, but not to an administrator`() async throws {
        try await withApplication(["REGISTRATION_ENABLED": "false"]) { application, _ in
            let json = Self.ada.replacing("otters", with: "seven quiet otters swim")
            let answer = try await application.send("POST /users", json, as: .nobody)
            #expect(answer.status == 403 && answer.string("code") == "registration_closed")
            #expect(try await application.send("POST /users", json).status == 201)
        }
    }

    @Test func `changes can be made conditional and passwords shorter`() async throws {
        let variables = ["REQUIRE_IF_MATCH": "true", "PASSWORD_MIN_LENGTH": "8"]
        try await withApplication(variables) { application, _ in
            let short = try await application.send("POST /users", Self.ada)
            #expect(short.status == 422 && short.text.contains("at least 8 code points"))
            let json = Self.ada.replacing("otters", with: "otterswim")
            let created = try await application.send("POST /users", json)
            let path = try #require(created["Location"])
            let deletion = try await application.send("DELETE \(path)")
            #expect(deletion.status == 428)
            let condition = ["If-Match: \"1-a\""]
            #expect(
                try await application.send("DELETE \(path)", fields: condition).status == 204)
        }
    }

    @Test func `pages of other origins can be let in`() async throws {
        let variables = ["CORS_ALLOWED_ORIGINS": "https://app.example.com,http://localhost:3000"]
        try await withApplication(variables) { application, _ in
            let origin = "Origin: http://localhost:3000"
            let preflight = try await application.send(
                "OPTIONS /users", fields: [origin, "Access-Control-Request-Method: POST"])
            #expect(preflight.status == 204)
            #expect(preflight["Access-Control-Allow-Origin"] == "http://localhost:3000")
            #expect(preflight["Access-Control-Allow-Methods"]?.contains("POST") == true)
            let created = try await application.send("POST /users", Self.ada, fields: [origin])
            #expect(created["Access-Control-Allow-Origin"] == "http://localhost:3000")
            let refused = try await application.send(
                "GET /nothing", fields: ["Origin: https://evil.example"])
            #expect(refused.status == 404 && refused["Access-Control-Allow-Origin"] == nil)
        }
        try await withApplication { application, _ in
            let answer = try await application.send(
                "GET /users", fields: ["Origin: https://app.example.com"])
            #expect(answer["Access-Control-Allow-Origin"] == nil && answer["Vary"] != "Origin")
        }
    }

    @Test func `the limits of HTTP can be set`() async throws {
        let variables = [
            "HTTP_BODY_MAX": "1KiB", "HTTP_REQUEST_LINE_MAX": "256", "HTTP_HEADER_FIELD_MAX": "256",
            "HTTP_CONNECTION_REQUESTS_MAX": "1",
        ]
        try await withApplication(variables) { application, _ in
            let padding = String(repeating: " ", count: 1024)
            let large = try await application.send(
                "POST /users", Self.ada + padding, as: .nobody)
            #expect(large.status == 413)
            let long = String(repeating: "x", count: 256)
            #expect(try await application.send("GET /\(long)").status == 414)
            let largeField = try await application.send(
                "GET /users", fields: ["X: \(long)"], as: .nobody)
            #expect(largeField.status == 431)
            let only = try await application.send("GET /health/live")
            #expect(only.status == 200 && only["Connection"] == "close")
        }
    }

    @Test func `few connections to the database serve many clients`() async throws {
        try await withApplication(["DATABASE_POOL_SIZE": "2"]) { application, _ in
            let statuses = try await withThrowingTaskGroup { group in
                for number in 0..<24 {
                    group.addTask {
                        let json = #"{"email":"u\#(number)@example.com","display_name":"U"}"#
                        let created = try await application.send("POST /users", json)
                        let path = try #require(created["Location"])
                        return try await application.send("GET \(path)").status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 200, count: 24))
        }
    }
}
