import Glibc
import HTTP
import HTTPTesting
import PrometheusMetrics
import Reactor
import Testing

@testable import HTTPServer

@Suite("Acceptance of connections", .timeLimit(.minutes(2)))
struct AcceptanceTests {
    @Test(arguments: [1, 2])
    func `a client may have so many connections, and others theirs`(_ loops: Int) async throws {
        try await withServer(loops: loops) { configuration in
            configuration.connectionsPerClientMax = 2
            configuration.firstOctetTimeout = .seconds(3600)
        } _: { server in
            let first = try server.connect()
            let second = try server.connect()
            #expect(try await first.exchange(Wire.get("/1")).text == "/1")
            #expect(try await second.exchange(Wire.get("/2")).text == "/2")
            #expect(try await server.connect().remainder() == [])
            #expect(try await server.connect().remainder() == [])
            let other = try server.connect(from: "127.0.0.2")
            #expect(try await other.exchange(Wire.get("/3")).text == "/3")
            #expect(server.sheddings.all == [Shedding(reason: .connectionsOfClient, count: 1)])
            try await second.close()
            // The room is there once the server has seen the end.
            let third = await eventually {
                (try? await server.exchange(Wire.get("/4")).text) == "/4"
            }
            #expect(third)
            #expect(try await first.exchange(Wire.get("/5")).text == "/5")
        }
    }

    @Test(arguments: [1, 2])
    func `a request tells where its client is`(_ loops: Int) async throws {
        try await withServer(loops: loops) { server in
            for (address, value) in [("127.0.0.1", 0x7f00_0001), ("127.0.0.2", 0x7f00_0002)] {
                let client = try server.connect(from: address)
                let expected = "\(ClientAddress(v4: UInt32(value)))"
                #expect(try await client.exchange(Wire.get("/client")).text == expected)
                #expect(try await client.exchange(Wire.get("/client")).text == expected)
            }
        }
    }

    @Test func `a client that comes and goes never runs out of connections`() async throws {
        try await withServer(loops: 2) { configuration in
            configuration.connectionsPerClientMax = 1
        } _: { server in
            for round in 0..<100 {
                let answered = await eventually {
                    let answer = try? await server.exchange(
                        Wire.get("/\(round)", "Connection: close"))
                    return answer?.text == "/\(round)"
                }
                try #require(answered)
            }
        }
    }

    @Test func `a flood of connections is accepted in many turns of the loop`() async throws {
        let loops = try EventLoopGroup(count: 1)
        defer { loops.stop() }
        let listener = try Listener(host: "127.0.0.1", port: 0, backlog: 1024)
        let port = listener.port
        let count = 16 * Acceptor.acceptsAtOnceMax
        // They wait in the kernel's queue, so the acceptor finds them all at once.
        let clients = try Flood(of: count, port: port)
        let metrics = MetricsRegistry(loopCount: 1)
        let server = HTTPServer(
            listener: listener, loops: loops, configuration: HTTPServerConfiguration(),
            metrics: ServerMetrics(in: metrics), shard: { metrics.shard(ofLoop: $0.index) },
            onShedding: { _ in }, responder: { _ in TestResponder(bodyBytesMax: 0) })
        let turns = Turns(loop: loops.loops[0])
        let before = await turns.current()
        try await server.start()
        #expect(await eventually { loops.loops[0].connectionCount == count })
        // The first turn takes two lots: one when it hears of them, one after its events.
        #expect(await turns.current() >= before + 14)
        await server.drain(grace: .zero)
        withExtendedLifetime(clients) {}
        #expect(await eventually { loops.loops[0].connectionCount == 0 })
    }

    @Test func `a listener that the loop cannot watch is told to who starts it`() async throws {
        try await withServer { server in
            // It is watched already, which epoll_ctl(2) refuses.
            await #expect(throws: SystemError(call: "epoll_ctl", code: EEXIST)) {
                try await server.server.start()
            }
            let answer = try await server.exchange(Wire.get("/1"))
            #expect(answer.text == "/1")
        }
    }

    @Test func `without descriptors connections are closed at once, until there are some`() async {
        // The limit is the process's, so the test has a process to itself.
        await #expect(processExitsWith: .success) {
            try await withServer { configuration in
                configuration.firstOctetTimeout = .seconds(3600)
            } _: { server in
                let first = try server.connect()
                #expect(try await first.exchange(Wire.get("/1")).text == "/1")
                // What speaks later has its descriptors already.
                let sockets = try (0..<3).map { _ in try TestSocket() }
                let clients = try sockets.map { try $0.client() }
                do {
                    let exhaustion = try Exhaustion(limit: 256)
                    for (socket, client) in zip(sockets, clients) {
                        try socket.connect(port: server.port)
                        #expect(try await client.remainder() == [])
                    }
                    #expect(try await first.exchange(Wire.get("/2")).text == "/2")
                    _ = consume exhaustion
                }
                #expect(server.sheddings.all == [Shedding(reason: .descriptors, count: 1)])
                #expect(try await server.exchange(Wire.get("/3")).text == "/3")
            }
        }
    }
}

/// Counts the turns of a loop.
private actor Turns {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(loop: EventLoop) { self.loop = loop }

    func current() -> UInt64 { loop.turn }
}
