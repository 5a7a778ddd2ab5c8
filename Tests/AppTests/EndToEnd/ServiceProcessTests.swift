import Glibc
import HTTPTesting
import JSON
import PostgresTesting
import Testing

@testable import App

@Suite("The service as a process")
struct ServiceProcessTests {
    static let ada = #"{"email":"ada@example.com","display_name":"Ada"}"#
    /// One who registers by herself.
    static let grace = #"""
        {"email":"grace@example.com","display_name":"Grace","password":"seven quiet otters swim"}
        """#
    /// Nobody listens at port 1.
    static let nowhere = "postgresql://app:hunter2@127.0.0.1:1/users"

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
    func `a signal lets the request in flight be answered, then it ends with status 0`(
        _ signal: CInt
    ) async throws {
        try await withTestDatabase { database in
            let proxy = try FaultProxy(to: database)
            defer { proxy.close() }
            let service = try await ServiceProcess(
                on: database, ["DATABASE_URL": database.connectionString(through: proxy)])
            #expect(try await service.send("GET /users").status == 200)
            let (idle, client) = (try service.connect(), try service.connect())
            _ = try await idle.exchange(requestText("GET /health/live"))
            proxy.set(.stall)
            try await client.send(
                requestText("GET /users", fields: [try await service.authorization]))
            #expect(try await service.send("GET /health/live").status == 200)
            service.signal(signal)
            try await service.waitForOutput("Draining")
            #expect(try await idle.remainder().isEmpty)
            proxy.set(.pass)
            let response = try await client.response()
            #expect(response.status == 200 && response["Connection"] == "close")
            let ended = try await service.ended()
            #expect(ended.status == 0 && ended.errors.isEmpty)
            #expect(ended.output.contains("Stopped"))
        }
    }

    @Test func `while load balancers are given time to notice, it says so and serves on`()
        async throws
    {
        try await withTestDatabase { database in
            let service = try await ServiceProcess(on: database, ["SHUTDOWN_DELAY": "1h"])
            // The database is given 200 ms to answer, which a busy machine may not manage.
            let isReady = await eventually {
                (try? await service.send("GET /health/ready").status) == 200
            }
            #expect(isReady)
            service.signal(SIGTERM)
            try await service.waitForOutput("Draining")
            for path in ["/health", "/health/ready"] {
                let health = try await service.send("GET \(path)")
                #expect(health.status == 503 && health.string("status") == "draining")
            }
            #expect(try await service.send("GET /health/live").status == 200)
            #expect(try await service.send("POST /users", Self.ada).status == 201)
            #expect(try await service.ended(by: SIGKILL).status == 128 + SIGKILL)
        }
    }

    @Test func `what it has acknowledged outlives kill -9`() async throws {
        try await withTestDatabase { database in
            let first = try await ServiceProcess(on: database)
            let created = try await first.send("POST /users", Self.ada)
            #expect(created.status == 201)
            #expect(try await first.ended(by: SIGKILL).status == 128 + SIGKILL)
            let second = try await ServiceProcess(on: database)
            let location = try #require(created["Location"])
            let read = try await second.send("GET \(location)")
            #expect(read.status == 200 && read.body == created.body)
            #expect(try await second.send("POST /users", Self.ada).status == 409)
            #expect(try await second.ended(by: SIGTERM).status == 0)
        }
    }

    @Test func `a database that is away neither keeps it from serving nor is its password told`()
        async throws
    {
        let service = try await ServiceProcess([
            "DATABASE_URL": Self.nowhere, "DATABASE_ACQUIRE_TIMEOUT": "50ms",
        ])
        // Whether a token is good, the database has to tell.
        let list = try await service.send("GET /users", as: .token("a.b.c"))
        #expect(list.status == 503 && list.string("code") == "unavailable")
        let healthcheck = try await Executable(["healthcheck"], ["PORT": "\(service.port)"]).run()
        #expect(healthcheck.status == 0)
        try await service.waitForOutput("Database unreachable")
        let ended = try await service.ended(by: SIGTERM)
        #expect(ended.status == 0 && ended.errors.isEmpty)
        let lines = ended.output.split(separator: "\n")
        for line in lines {
            #expect((try? JSONParser.parse(Array(line.utf8).span)) != nil, "\(line)")
        }
        #expect(!(ended.output + list.text).contains("hunter2"))
    }

    @Test func `it reads a .env file, secrets from files, and warns of slips`() async throws {
        try await withTestDatabase { database in
            try await withFolder { folder in
                try write(database.connectionString + "\n", to: "\(folder)/url")
                try write(
                    """
                    DATABASE_URL_FILE=\(folder)/url
                    DATABASE_POOL=5
                    LOG_LEVEL=critical
                    """, to: "\(folder)/.env")
                let service = try await ServiceProcess(["LOG_LEVEL": "info"], in: folder)
                #expect(try await service.send("POST /users", Self.grace).status == 201)
                let ended = try await service.ended(by: SIGTERM)
                #expect(ended.status == 0)
                #expect(ended.output.contains("the nearest known name is DATABASE_POOL_SIZE"))
                #expect(!(ended.output + ended.errors).contains(database.name))
            }
        }
    }

    @Test func `a log that nobody reads does not hold it up`() async throws {
        try await withTestDatabase { database in
            let service = try await ServiceProcess(on: database)
            let client = try service.connect()
            // The pipe takes 64 KiB; each line is some 250 octets.
            for _ in 0..<1_000 {
                let response = try await client.exchange(requestText("GET /health/live"))
                #expect(response.status == 200)
            }
            #expect(try await service.ended(by: SIGTERM).status == 0)
        }
    }

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        var template = Array("/tmp/service-process-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        let folder = String(
            decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer {
            for name in [".env", "url"] { unlink("\(folder)/\(name)") }
            rmdir(folder)
        }
        try await body(folder)
    }

    private func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let octets = Array(text.utf8)
        try #require(Glibc.write(descriptor, octets, octets.count) == octets.count)
    }
}
