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
        #expect(!lines.contains { $0.contains("secret") || $0.contains("00000000-0000-7000") })
    }
}
