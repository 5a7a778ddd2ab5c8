import HTTPTesting
import Reactor
import Testing

@testable import HTTPServer

@Suite("Many connections", .timeLimit(.minutes(2)))
struct ManyConnectionsTests {
    @Test func `sixty-four at once share two loops evenly and leave nothing`() async throws {
        try await withServer(loops: 2) { server in
            let clients = try (0..<64).map { _ in try server.connect() }
            try await withThrowingTaskGroup { group in
                for client in clients {
                    group.addTask { try await Self.exchange(rounds: 20, client) }
                }
                try await group.waitForAll()
            }
            #expect(server.loops.loops.map { $0.connectionCount } == [32, 32])
            #expect(server.descriptorCount == 65)
            for client in clients { try await client.close() }
            #expect(await eventually { server.connectionCount == 0 })
            #expect(server.descriptorCount == 1)
        }
    }

    @Test func `requests of one loop are held and answered independently`() async throws {
        try await withServer { configuration in
            // All are connected before the first sends, which takes a busy machine its time.
            configuration.firstOctetTimeout = .seconds(3600)
        } _: { server in
            let held = try (0..<8).map { _ in try server.connect() }
            for client in held { try await client.send(Wire.get("/held")) }
            await server.responder.arrivals.wait(for: 8)
            #expect(try await server.exchange(Wire.get("/1")).text == "/1")
            server.responder.release.happened()
            for client in held { #expect(try await client.response().text == "held") }
        }
    }

    @Test func `connections beyond the limit are closed, until there is room again`() async throws {
        try await withServer { configuration in
            configuration.connectionsMax = 2
            // Whoever is let in by mistake is not let go soon.
            configuration.firstOctetTimeout = .seconds(3600)
        } _: { server in
            let first = try server.connect()
            let second = try server.connect()
            #expect(try await first.exchange(Wire.get("/1")).text == "/1")
            #expect(try await second.exchange(Wire.get("/2")).text == "/2")
            let third = try server.connect()
            #expect(try await third.remainder() == [])
            #expect(try await first.exchange(Wire.get("/3")).text == "/3")
            try await second.close()
            #expect(await eventually { server.connectionCount == 1 })
            #expect(try await server.exchange(Wire.get("/4")).text == "/4")
        }
    }

    private static func exchange(rounds: Int, _ client: RawHTTPClient) async throws {
        for round in 0..<rounds {
            #expect(try await client.exchange(Wire.get("/\(round)")).text == "/\(round)")
        }
    }
}
