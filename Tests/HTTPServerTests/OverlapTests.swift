import HTTPTesting
import Testing

@testable import HTTPServer

@Suite("What happens meanwhile", .timeLimit(.minutes(2)))
struct OverlapTests {
    @Test func `a stream may be made of the request's content as it comes`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try await client.send(Wire.postHead("/echo/stream", length: 10) + "01234")
            try await client.waitForNews()
            try await client.send("56789")
            let answer = String(decoding: try await client.remainder(), as: UTF8.self)
            #expect(answer.contains("Connection: close\r\n"))
            #expect(answer.contains("5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n"))
        }
    }

    @Test func `a body that outlives its request gets nothing of the next one's`() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try await client.exchange(Wire.post("/keep", "abc")).text == "kept")
            #expect(try await client.exchange(Wire.post("/kept", "xyz")).text == "nothing")
        }
    }

    @Test func `a drain is announced to a client that has sent ahead`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try await client.send(String(repeating: Wire.get("/a"), count: 1500))
            try await client.waitForNews()
            async let drained: Void = server.server.drain(grace: .seconds(5))
            let answers = String(decoding: try await client.remainder(), as: UTF8.self)
            await drained
            let isWhole = answers.ranges(of: "HTTP/1.1 200").count == 1500
            #expect(isWhole || answers.contains("Connection: close\r\n"))
        }
    }

    @Test(arguments: [64 * 1024, 1 << 30])
    func `a client that still takes its answer is not idle`(unsentBytesMax: Int) async throws {
        try await withServer { configuration in
            configuration.idleTimeout = .seconds(1)
            configuration.unsentBytesMax = unsentBytesMax
        } _: { server in
            let client = try server.connect()
            try await client.send(Wire.get("/octets/20000000"))
            try await client.waitForNews()
            // Longer than an idle connection lasts, as another one shows.
            let other = try server.connect()
            #expect(try await other.exchange(Wire.get("/b")).text == "/b")
            #expect(try await other.remainder() == [])
            #expect(try await client.response().body.count == 20_000_000)
        }
    }
}
