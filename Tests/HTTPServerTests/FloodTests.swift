import HTTPTesting
import Testing

@testable import HTTPServer

/// What a crowd of bad clients costs: their connections, and the others nothing.
@Suite("Floods", .timeLimit(.minutes(2)))
struct FloodTests {
    @Test func `two thousand idle connections are held while others are served`() async throws {
        try await withServer(loops: 2) { configuration in
            configuration.firstOctetTimeout = .seconds(3600)
        } _: { server in
            let flood = try Flood(of: 2000, port: server.port)
            #expect(await eventually { server.connectionCount == 2000 })
            try await expectService(of: server)
            #expect(server.connectionCount >= 2000)
            withExtendedLifetime(flood) {}
        }
    }

    @Test func `idle connections end when their time is up, every one of them`() async throws {
        try await withServer(loops: 2) { configuration in
            configuration.firstOctetTimeout = .milliseconds(300)
        } _: { server in
            let flood = try Flood(of: 100, port: server.port)
            #expect(try await flood.remainders() == Array(repeating: [], count: 100))
            #expect(await eventually { server.connectionCount == 0 })
            #expect(server.descriptorCount == 1)
        }
    }

    struct Slow: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// What each client sends before it falls silent.
        let beginning: String
    }

    @Test(arguments: [
        Slow(testDescription: "heads", beginning: "GET / HTTP/1.1\r\nHost: a\r\nX: "),
        Slow(testDescription: "bodies", beginning: Wire.postHead("/echo", length: 10) + "x"),
        Slow(testDescription: "chunks", beginning: Wire.chunked("/echo", "5\r\nx")),
    ])
    func `clients that stop half-way are answered with 408, and others served meanwhile`(
        _ given: Slow
    ) async throws {
        try await withServer(loops: 2) { configuration in
            configuration.headTimeout = .seconds(1)
            configuration.bodyTimeout = .seconds(1)
        } _: { server in
            let flood = try Flood(of: 200, port: server.port)
            try flood.send(given.beginning)
            try await expectService(of: server)
            for remainder in try await flood.remainders() {
                #expect(String(decoding: remainder, as: UTF8.self).hasPrefix("HTTP/1.1 408 "))
            }
        }
    }

    @Test func `clients that read nothing hold no more than their part, and are cut off`()
        async throws
    {
        try await withServer(loops: 2) { configuration in
            configuration.unsentBytesMax = 1024
            configuration.writeTimeout = .milliseconds(500)
        } _: { server in
            let flood = try Flood(of: 50, port: server.port, receiveBytes: 4096)
            try flood.send(String(repeating: Wire.get("/octets/1000000"), count: 20))
            try await expectService(of: server)
            #expect(await eventually { server.connectionCount == 0 })
            // One answer is made when the one before it is with the kernel, which has no room for
            // so many.
            #expect(server.responder.requests.count < 50 * 20 / 2)
            #expect(server.descriptorCount == 1)
        }
    }

    @Test func `half of the connections are closed at once when there are twice too many`()
        async throws
    {
        try await withServer(loops: 2) { configuration in
            configuration.connectionsMax = 100
            configuration.firstOctetTimeout = .seconds(3600)
        } _: { server in
            let flood = try Flood(of: 100, port: server.port)
            #expect(await eventually { server.connectionCount == 100 })
            let late = try Flood(of: 100, port: server.port)
            #expect(try await late.remainders() == Array(repeating: [], count: 100))
            #expect(server.connectionCount == 100)
            #expect(server.sheddings.all == [Shedding(reason: .connections, count: 1)])
            withExtendedLifetime(flood) {}
        }
    }

    /// Shows that clients on old and new connections are answered.
    private func expectService(of server: TestServer) async throws {
        let client = try server.connect()
        for round in 0..<20 {
            #expect(try await client.exchange(Wire.get("/\(round)")).text == "/\(round)")
        }
        #expect(try await server.exchange(Wire.post("/echo", "hello")).text == "hello")
    }
}
