import Glibc
import HTTPTesting
import PostgresTesting
import Testing

@testable import App

@Suite("How the service ends")
struct ShutdownTests {
    /// Nobody listens at port 1.
    private static let withoutDatabase = [
        "DATABASE_URL": "postgresql://127.0.0.1:1/users", "DATABASE_ACQUIRE_TIMEOUT": "50ms",
    ]

    @Test(arguments: [
        (first: SIGTERM, second: SIGTERM, status: CInt(143), name: "SIGTERM"),
        (first: SIGTERM, second: SIGINT, status: CInt(130), name: "SIGINT"),
        (first: SIGHUP, second: SIGTERM, status: CInt(143), name: "SIGTERM"),
    ])
    func `a second signal ends it at once, and both the log and the status tell`(
        _ given: (first: CInt, second: CInt, status: CInt, name: String)
    ) async throws {
        let service = try await ServiceProcess(
            Self.withoutDatabase.merging(["SHUTDOWN_DELAY": "1h"]) { $1 })
        service.signal(given.first)
        try await service.waitForOutput("Draining")
        let ended = try await service.ended(by: given.second)
        #expect(ended.status == given.status && ended.errors.isEmpty)
        let last = try #require(ended.output.split(separator: "\n").last)
        #expect(last.contains("Ended at once: asked to stop a second time"))
        #expect(last.contains(#""signal":"\#(given.name)""#))
    }

    @Test func `what nobody reads any more ends nothing`() async throws {
        let service = try await ServiceProcess(Self.withoutDatabase)
        service.signal(SIGPIPE)
        #expect(try await service.send("GET /health/live").status == 200)
        #expect(try await service.ended(by: SIGTERM).status == 0)
    }

    @Test func `an administrator who cannot be made does not keep it`() async throws {
        let service = try await ServiceProcess(
            Self.withoutDatabase.merging([
                "BOOTSTRAP_ADMIN_EMAIL": "ada@example.com",
                "BOOTSTRAP_ADMIN_PASSWORD": "seven quiet otters swim",
            ]) { $1 })
        let ended = try await service.ended(by: SIGTERM)
        #expect(ended.status == 0 && ended.output.contains("Stopped"))
    }

    @Test func `a stuck answer and half a request are cut off when the grace has passed`()
        async throws
    {
        try await withTestDatabase { database in
            let proxy = try FaultProxy(to: database)
            defer { proxy.close() }
            let service = try await ServiceProcess(
                on: database,
                [
                    "DATABASE_URL": database.connectionString(through: proxy),
                    "SHUTDOWN_GRACE": "100ms",
                ])
            let authorization = try await service.authorization
            #expect(try await service.send("GET /users").status == 200)
            proxy.set(.stall)
            let (stuck, half) = (try service.connect(), try service.connect())
            try await stuck.send(requestText("GET /users", fields: [authorization]))
            let fields = [authorization, "Content-Type: application/json", "Content-Length: 9"]
            try await half.send(requestText("POST /users", fields: fields) + "{")
            #expect(try await service.send("GET /health/live").status == 200)
            let ended = try await service.ended(by: SIGTERM)
            #expect(ended.status == 0 && ended.output.contains("Stopped"))
            #expect(try await stuck.remainder().isEmpty)
            #expect(try await half.remainder().isEmpty)
        }
    }
}
