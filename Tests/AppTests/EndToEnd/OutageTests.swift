import Ambient
import HTTPTesting
import Postgres
import PostgresTesting
import Synchronization
import Testing

@testable import App

@Suite("Outages of the database")
struct OutageTests {
    @Test func `a database that is away at the start is waited for`() async throws {
        try await withProxiedApplication { proxy in
            proxy.set(.refuse)
        } _: { application, proxy, _ in
            // Whether a token is good, the database has to tell.
            let list = try await application.send("GET /users", as: .token("a.b.c"))
            #expect(list.status == 503 && list["Retry-After"] != nil)
            #expect(list.string("code") == "unavailable")
            let health = try await application.send("GET /health")
            #expect(health.status == 200 && health.string("status") == "degraded")
            #expect(try await application.send("GET /health/ready").status == 503)
            #expect(try await application.send("GET /health/live").status == 200)
            proxy.set(.pass)
            #expect(await isServing(application))
        }
    }

    @Test func `a database that stops answering gives 503 in time, and comes back by itself`()
        async throws
    {
        try await withProxiedApplication { _ in
        } _: { application, proxy, _ in
            #expect(await isServing(application))
            proxy.set(.stall)
            let start = MonotonicTime.now
            let list = try await application.send("GET /users")
            #expect(list.status == 503 && list["Retry-After"] != nil)
            // The limits are 0.3 and 0.5 s; the rest is for a machine that is busy.
            #expect(MonotonicTime.now - start < .seconds(20))
            let write = try await application.send(
                "POST /users", #"{"email":"a@example.com","display_name":"A"}"#)
            #expect(write.status == 503)
            proxy.set(.pass)
            #expect(await isServing(application))
        }
    }

    @Test func `no acknowledged write is lost and none is applied twice`() async throws {
        try await withProxiedApplication { _ in
        } _: { application, proxy, database in
            #expect(await isServing(application))
            let acknowledged = Addresses()
            try await withThrowingTaskGroup { group in
                for writer in 0..<8 {
                    group.addTask {
                        for number in 0..<25 {
                            let email = "w\(writer)-\(number)@example.com"
                            let response = try await application.send(
                                "POST /users", #"{"email":"\#(email)","display_name":"W"}"#)
                            if response.status == 201 { acknowledged.append(email) }
                            #expect([201, 503].contains(response.status))
                        }
                    }
                }
                group.addTask {
                    for _ in 0..<20 {
                        await application.progress()
                        proxy.cut()
                    }
                }
                try await group.waitForAll()
            }
            let stored = try database.connect().query("SELECT email FROM users").compactMap(\.[0])
            #expect(Set(stored).count == stored.count)
            #expect(Set(stored).isSuperset(of: acknowledged.all))
            #expect(!acknowledged.all.isEmpty)
        }
    }

    @Test func `a request in flight is answered before the service stops`() async throws {
        let variables = ["EVENT_LOOPS": "1", "DATABASE_STATEMENT_TIMEOUT": "60s"]
        try await withProxiedApplication(variables) { _ in
        } _: { application, proxy, _ in
            #expect(await isServing(application))
            let idle = try application.connect()
            _ = try await idle.exchange(requestText("GET /health/live"))
            proxy.set(.stall)
            let client = try application.connect()
            let authorization = try await application.authorization
            try await client.send(requestText("GET /users", fields: [authorization]))
            await application.progress()
            await application.stop()
            // A loop ends its idle connections, and tells the others, within one turn.
            #expect(try await idle.remainder().isEmpty)
            proxy.set(.pass)
            let response = try await client.response()
            #expect(response.status == 200)
            #expect(response["Connection"] == "close")
        }
    }

    private func isServing(_ application: TestApplication) async -> Bool {
        await eventually { (try? await application.send("GET /users").status) == 200 }
    }
}

extension TestApplication {
    /// Has a request answered that needs no database, so that what was sent before has arrived.
    fileprivate func progress() async {
        _ = try? await send("GET /health/live")
    }
}

/// Addresses that several tasks gather.
private final class Addresses: Sendable {
    private let list = Mutex<[String]>([])

    var all: [String] { list.withLock { $0 } }

    func append(_ address: String) { list.withLock { $0.append(address) } }
}
