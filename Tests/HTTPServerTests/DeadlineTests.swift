import Ambient
import HTTPTesting
import Testing

@testable import HTTPServer

@Suite("Deadlines", .timeLimit(.minutes(2)))
struct DeadlineTests {
    private static let short = Duration.milliseconds(150)
    /// A pause between two octets, much shorter than the deadline that they do not extend.
    private static let dripPause: Int32 = 10

    @Test func `a client that never says anything is let go without a word`() async throws {
        try await withServer { configuration in
            configuration.firstOctetTimeout = Self.short
        } _: { server in
            let start = MonotonicTime.now
            let client = try server.connect()
            #expect(try await client.remainder() == [])
            #expect(MonotonicTime.now - start >= Self.short)
        }
    }

    @Test func `a client that says nothing more is let go without a word`() async throws {
        try await withServer { configuration in
            configuration.idleTimeout = Self.short
        } _: { server in
            let client = try server.connect()
            #expect(try await client.exchange(Wire.get("/1")).text == "/1")
            #expect(try await client.remainder() == [])
        }
    }

    @Test func `a head in a drip is answered with 408 when its time is up`() async throws {
        try await withServer { configuration in
            configuration.headTimeout = Self.short
        } _: { server in
            let client = try server.connect()
            let start = MonotonicTime.now
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ")
            try await client.drip("x", pauseMilliseconds: Self.dripPause)
            let response = try await client.response()
            #expect(response.status == 408 && response["Connection"] == "close")
            #expect(response["Content-Type"] == "application/problem+json")
            #expect(MonotonicTime.now - start >= Self.short)
        }
    }

    @Test func `unread content in a drip holds no answer up, and ends the connection`()
        async throws
    {
        try await withServer { configuration in
            configuration.bodyTimeout = Self.short
            configuration.lingerTimeout = .seconds(60)
        } _: { server in
            let client = try server.connect()
            try await client.send(Wire.postHead("/1", length: 100_000))
            try await client.drip("x", pauseMilliseconds: Self.dripPause)
            let response = try await client.response()
            #expect(response.text == "/1")
            try await client.drip("x", pauseMilliseconds: Self.dripPause)
            #expect(try await client.remainder() == [])
        }
    }

    @Test func `a client that does not read its answer is cut off`() async throws {
        try await withServer { configuration in
            configuration.writeTimeout = Self.short
        } _: { server in
            let client = try server.connect()
            try await client.send(Wire.get("/octets/50000000"))
            try await client.waitForNews()
            #expect(await eventually { server.connectionCount == 0 })
            #expect(server.descriptorCount == 1)
            try await client.close()
        }
    }

    @Test func `a client that takes its answer too slowly is cut off`() async throws {
        try await withServer { configuration in
            configuration.writeTimeout = Self.short
            // Nobody is as fast.
            configuration.writeBytesPerSecondMin = 1 << 40
        } _: { server in
            // It always reads, but with so small a buffer that it takes its time.
            let socket = try TestSocket()
            socket.limitReceiving(to: 4096)
            try socket.connect(port: server.port)
            try socket.send(Wire.get("/octets/50000000"))
            let taken = try? await socket.client().remainder()
            #expect((taken?.count ?? 0) < 50_000_000)
            #expect(await eventually { server.connectionCount == 0 })
        }
    }

    @Test func `a client that reads slowly but reads is not cut off`() async throws {
        try await withServer { configuration in
            configuration.writeTimeout = .seconds(20)
            configuration.idleTimeout = Self.short
        } _: { server in
            let client = try server.connect()
            #expect(
                try await client.exchange(Wire.get("/octets/20000000")).body.count == 20_000_000)
            #expect(try await client.remainder() == [])
        }
    }

    @Test func `a client that keeps a finished connection open is let go`() async throws {
        try await withServer { configuration in
            configuration.lingerTimeout = Self.short
        } _: { server in
            let client = try server.connect()
            #expect(
                try await client.exchange(Wire.get("/1", "Connection: close")).text == "/1")
            #expect(await eventually { server.connectionCount == 0 })
            try await client.close()
        }
    }
}
