import Ambient
import HTTPTesting
import JSON
import Testing

@testable import App

@Suite("The log of the service")
struct LogTests {
    @Test func `every line is a JSON object, and a request's tells its template and id`()
        async throws
    {
        let lines = try await logOfApplication { application in
            _ = try await application.send(
                "GET /users/00000000-0000-7000-8000-000000000000", fields: ["X-Request-ID: mine-1"])
            _ = try await application.send("GET /users?cursor=secret")
        }
        let objects = lines.compactMap { line -> JSONObject? in
            guard case .object(let object) = try? JSONParser.parse(Array(line.utf8).span) else {
                return nil
            }
            return object
        }
        #expect(objects.count == lines.count && objects.count >= 4)
        for object in objects {
            #expect(object["service"] == .string("user-management"))
            #expect(object["timestamp"] != nil && object["log_level"] != nil)
        }
        let request = try #require(objects.first { $0["request_id"] == .string("mine-1") })
        #expect(request["route"] == .string("/users/{id}") && request["status"] == .integer(404))
        #expect(request["user_id"] == .string(TestAdministrator.id))
        #expect(request["client"] == nil)
        #expect(!lines.contains { $0.contains("secret") || $0.contains("/00000000-0000-7000") })
    }

    @Test func `a registration reads as the operators' guide prints it`() async throws {
        var id = ""
        let lines = try await logOfApplication { application in
            let user = try await application.send(
                "POST /users",
                ServiceProcessTests.grace, as: .nobody)
            id = try #require(user.string("id"))
        }
        let line = try #require(lines.first { $0.contains("User registered successfully") })
        guard case .object(let object) = try JSONParser.parse(Array(line.utf8).span) else {
            Issue.record("\(line) is no object.")
            return
        }
        #expect(
            object.members.map(\.name) == [
                "timestamp", "log_level", "service", "message", "user_id",
            ])
        #expect(object["log_level"] == .string("INFO"))
        #expect(object["service"] == .string("user-management"))
        #expect(object["message"] == .string("User registered successfully"))
        #expect(object["user_id"] == .string(id))
        guard case .string(let time) = object["timestamp"] else {
            Issue.record("\(line) has no time.")
            return
        }
        #expect(Timestamp(rfc3339: time) != nil && time.hasSuffix("Z"))
    }

    @Test func `lines tell addresses of clients and only samples, if they are to`() async throws {
        let lines = try await logOfApplication([
            "LOG_CLIENT_ADDRESS": "true", "ACCESS_LOG_SAMPLE": "2", "ACCESS_LOG_SLOW": "1h",
            "EVENT_LOOPS": "1",
        ]) { application in
            for _ in 0..<10 { _ = try await application.send("GET /version") }
            _ = try await application.send("GET /nowhere")
        }
        let versions = lines.filter { $0.contains(#""route":"/version""#) }
        #expect(versions.count == 5)
        for line in versions + lines.filter({ $0.contains(#""status":404"#) }) {
            #expect(line.contains(#""client":"127.0.0.1""#))
        }
        #expect(versions.allSatisfy { $0.contains(#""sample_weight":2}"#) })
    }
}
