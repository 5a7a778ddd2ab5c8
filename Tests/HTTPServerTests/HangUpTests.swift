import HTTPTesting
import Testing

@testable import HTTPServer

@Suite("Clients that go", .timeLimit(.minutes(2)))
struct HangUpTests {
    @Test func `a client that has finished sending gets all its answers`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try await client.send(Wire.get("/1") + Wire.post("/echo", "hello"))
            try await client.finishSending()
            #expect(try await client.response().text == "/1")
            #expect(try await client.response().text == "hello")
            #expect(try await client.remainder() == [])
        }
    }

    @Test func `a client that finishes while its request is answered gets the answer`() async throws
    {
        try await withServer { server in
            let client = try server.connect()
            try await client.send(Wire.get("/held"))
            await server.responder.arrivals.wait()
            try await client.finishSending()
            server.responder.release.happened()
            #expect(try await client.response().text == "held")
            #expect(try await client.remainder() == [])
        }
    }

    @Test(arguments: [true, false])
    func `a handler's task is cancelled when its client hangs up`(isReset: Bool) async throws {
        try await withServer { server in
            let client = try server.connect()
            try await client.send(Wire.get("/cancellation"))
            await server.responder.arrivals.wait()
            if isReset { try await client.reset() } else { try await client.finishSending() }
            await server.responder.cancellations.wait()
            if !isReset { #expect(try await client.response().text == "cancelled") }
        }
    }

    @Test func `a hang-up cancels nothing of the connections that are served later`() async throws {
        try await withServer { server in
            for count in 1...3 {
                let client = try server.connect()
                try await client.send(Wire.get("/cancellation"))
                await server.responder.arrivals.wait(for: count)
                try await client.reset()
                await server.responder.cancellations.wait(for: count)
            }
            #expect(await eventually { server.connectionCount == 0 })
            #expect(try await server.exchange(Wire.get("/is-cancelled")).text == "false")
        }
    }

    @Test func `a client that finishes inside its content is told so`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try await client.send(Wire.postHead("/echo", length: 10) + "hello")
            try await client.finishSending()
            let response = try await client.response()
            #expect(response.status == 400 && response["Connection"] == "close")
            #expect(response.text.contains(#""code":"connection_lost""#))
            #expect(try await client.remainder() == [])
        }
    }

    @Test(arguments: ["", "\r\n", "GET / HT", "GET / HTTP/1.1\r\nHost: a\r\n"])
    func `a client that finishes before its request is complete gets no answer`(
        _ octets: String
    ) async throws {
        try await withServer { server in
            let client = try server.connect()
            try await client.send(octets)
            try await client.finishSending()
            #expect(try await client.remainder() == [])
            #expect(await eventually { server.connectionCount == 0 })
        }
    }

    @Test func `a reset while a request is answered ends that connection alone`() async throws {
        try await withServer { server in
            let other = try server.connect()
            #expect(try await other.exchange(Wire.get("/1")).text == "/1")
            let client = try server.connect()
            try await client.send(Wire.get("/held") + Wire.get("/octets/1000000"))
            await server.responder.arrivals.wait()
            try await client.reset()
            server.responder.release.happened()
            #expect(await eventually { server.connectionCount == 1 })
            #expect(try await other.exchange(Wire.get("/2")).text == "/2")
        }
    }

    @Test(arguments: [
        "", "GET / HT", Wire.postHead("/echo", length: 10) + "hello",
        Wire.chunked("/echo", "5\r\nhel"), Wire.get("/octets/10000000"), "nonsense\r\n\r\n",
    ])
    func `a reset leaves nothing behind`(_ octets: String) async throws {
        try await withServer { server in
            for _ in 0..<20 {
                let client = try server.connect()
                if !octets.isEmpty { try await client.send(octets) }
                try await client.reset()
            }
            #expect(try await server.exchange(Wire.get("/1")).text == "/1")
            #expect(await eventually { server.connectionCount == 0 })
            #expect(server.descriptorCount == 1)
        }
    }
}
