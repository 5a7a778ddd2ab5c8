import Ambient
import HTTPTesting
import Reactor
import Testing

@testable import HTTPServer

@Suite("Draining", .timeLimit(.minutes(2)))
struct DrainTests {
    /// Longer than a drain here takes: one that waits for it has failed.
    private static let grace = Duration.seconds(30)

    @Test func `idle connections are closed and nobody is let in any more`() async throws {
        try await withServer(loops: 2) { server in
            let used = try server.connect()
            #expect(try await used.exchange(Wire.get("/1")).text == "/1")
            let fresh = try server.connect()
            #expect(await eventually { server.connectionCount == 2 })
            let start = MonotonicTime.now
            await server.server.drain(grace: Self.grace)
            #expect(MonotonicTime.now - start < Self.grace)
            #expect(try await used.remainder() == [])
            #expect(try await fresh.remainder() == [])
            #expect(throws: RawHTTPError.refused) { try server.connect() }
            #expect(server.connectionCount == 0 && server.descriptorCount == 0)
        }
    }

    @Test func `before it drains, it serves on and tells with each answer that it was the last`()
        async throws
    {
        try await withServer { server in
            let early = try server.connect()
            #expect(try await early.exchange(Wire.get("/1"))["Connection"] == nil)
            await server.server.leave()
            for client in [early, try server.connect()] {
                let response = try await client.exchange(Wire.get("/2"))
                #expect(response.text == "/2" && response["Connection"] == "close")
                #expect(try await client.remainder() == [])
            }
        }
    }

    @Test func `whoever has connected is answered, although nobody has looked yet`() async throws {
        try await withServer { server in
            let loop = server.loops.loops[0]
            let sockets = try (0..<50).map { _ in try TestSocket() }
            let idle = try TestSocket()
            try idle.connect(port: server.port)
            #expect(await eventually { server.connectionCount == 1 })
            // All this happens while the loop looks at nothing else; then it drains.
            let drained = try await loop.run { _ in
                for socket in sockets {
                    try socket.connect(port: server.port)
                    try socket.send(Wire.get("/1"))
                }
                try idle.send(Wire.get("/2"))
                let drained = Task { await server.server.drain(grace: Self.grace) }
                loop.awaitJobs(1)
                return drained
            }
            for socket in sockets {
                let client = try socket.client()
                #expect(try await client.response().text == "/1")
            }
            #expect(try await idle.client().response().text == "/2")
            await drained.value
        }
    }

    @Test func `the first request of a connection that was just opened is waited for`()
        async throws
    {
        try await withServer { configuration in
            configuration.firstRequestPatience = .seconds(60)
        } _: { server in
            let fresh = try server.connect()
            #expect(await eventually { server.connectionCount == 1 })
            try await drain(server) {
                #expect(throws: RawHTTPError.refused) { try server.connect() }
                let response = try await fresh.exchange(Wire.get("/1"))
                #expect(response.text == "/1" && response["Connection"] == "close")
                #expect(try await fresh.remainder() == [])
            }
        }
    }

    @Test func `a request in flight is answered, and told that it was the last`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try await client.send(Wire.get("/held") + Wire.get("/behind"))
            await server.responder.arrivals.wait()
            try await drain(server) {
                server.responder.release.happened()
                let response = try await client.response()
                #expect(response.text == "held" && response["Connection"] == "close")
                #expect(try await client.remainder() == [])
                try await client.close()
            }
            #expect(server.connectionCount == 0 && server.descriptorCount == 0)
        }
    }

    @Test func `a request whose content is on its way is answered`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try await client.send(Wire.postHead("/held/echo", length: 5) + "he")
            await server.responder.arrivals.wait()
            server.responder.release.happened()
            try await drain(server) {
                try await client.send("llo")
                let response = try await client.response()
                #expect(response.text == "hello" && response["Connection"] == "close")
                try await client.close()
            }
        }
    }

    @Test(arguments: [1024, 1 << 30])
    func `an answer that is being written is written to its end`(
        _ unsentBytesMax: Int
    ) async throws {
        try await withServer { configuration in
            configuration.unsentBytesMax = unsentBytesMax
        } _: { server in
            let client = try server.connect()
            try await client.send(Wire.get("/octets/20000000"))
            try await client.waitForNews()
            try await drain(server) {
                #expect(try await client.response().body.count == 20_000_000)
                #expect(try await client.remainder() == [])
                try await client.close()
            }
        }
    }

    @Test(arguments: ["nonsense\r\n\r\n", Wire.get("/last", "Connection: close")])
    func `a client that still sends can read the last answer`(_ octets: String) async throws {
        try await withServer { configuration in
            configuration.lingerTimeout = .seconds(60)
        } _: { server in
            let client = try server.connect()
            #expect(try await client.exchange(octets)["Connection"] == "close")
            try await drain(server) {
                try await client.send(String(repeating: "x", count: 1024))
                #expect(try await client.remainder() == [])
                #expect(server.connectionCount == 1)
                try await client.close()
            }
        }
    }

    @Test func `what is in flight after the grace is cut off`() async throws {
        try await withServer { server in
            let held = try server.connect()
            let sending = try server.connect()
            let reading = try server.connect()
            try await held.send(Wire.get("/held"))
            await server.responder.arrivals.wait()
            let head = Wire.postHead("/echo", length: 5, "Expect: 100-continue")
            #expect(try await sending.exchange(head).status == 100)
            try await reading.send(Wire.get("/octets/20000000"))
            try await reading.waitForNews()
            await server.server.drain(grace: .milliseconds(100))
            #expect(await eventually { server.connectionCount == 1 })
            server.responder.release.happened()
            #expect(await eventually { server.connectionCount == 0 })
            #expect(try await held.remainder() == [])
        }
    }

    /// Drains while `body` runs, which begins when the connections know of it, and waits for both.
    private func drain(
        _ server: TestServer, _ body: () async throws -> Void
    ) async throws {
        let idle = try server.connect()
        #expect(try await idle.exchange(Wire.get("/idle")).text == "/idle")
        let start = MonotonicTime.now
        async let drained: Void = server.server.drain(grace: Self.grace)
        // All connections of the one loop are told in one go, so when this one ends all know.
        #expect(try await idle.remainder() == [])
        try await body()
        await drained
        #expect(MonotonicTime.now - start < Self.grace)
    }
}
