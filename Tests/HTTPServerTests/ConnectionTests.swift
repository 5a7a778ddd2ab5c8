import Glibc
import HTTP
import HTTPTesting
import PrometheusMetrics
import Reactor
import Testing

@testable import HTTPServer

@Suite("One connection", .timeLimit(.minutes(2)))
struct ConnectionTests {
    @Test(arguments: [1, 2, 16, 100])
    func `answers to requests sent in one go leave in one write`(_ count: Int) async throws {
        // A socket that keeps each write as one message, unix(7).
        try await withConnection(SOCK_SEQPACKET) { _, far, _ in
            let request = Wire.get("/1")
            let requests = Array(String(repeating: request, count: count).utf8)
            #expect(write(far, requests, requests.count) == requests.count)
            var answers = [UInt8](repeating: 0, count: 1 << 17)
            let length = try await receive(far, into: &answers)
            let text = String(decoding: answers[..<length], as: UTF8.self)
            #expect(text.split(separator: "HTTP/1.1 200 OK\r\n").count == count)
        }
    }

    @Test func `many requests sent in one go are answered in several turns`() async throws {
        try await withConnection(SOCK_SEQPACKET) { _, far, _ in
            let requests = Array(String(repeating: Wire.get("/1"), count: 300).utf8)
            #expect(write(far, requests, requests.count) == requests.count)
            var counts: [Int] = []
            while counts.reduce(0, +) < 300 {
                var answers = [UInt8](repeating: 0, count: 1 << 17)
                let length = try await receive(far, into: &answers)
                let text = String(decoding: answers[..<length], as: UTF8.self)
                counts.append(text.split(separator: "HTTP/1.1 200 OK\r\n").count)
            }
            #expect(counts.reduce(0, +) == 300 && counts.count > 1)
        }
    }

    @Test(arguments: ContentTests.cases)
    func `a request means the same wherever it is split`(_ given: ContentTests.Case) async throws {
        try await withConnection(SOCK_STREAM) { near, far, _ in
            let client = try RawHTTPClient(owning: dup(far))
            let octets = Array(given.request.utf8)
            for index in 1..<octets.count {
                try await client.send(Array(octets[..<index]))
                #expect(await eventually { unreadCount(near) == 0 })
                try await client.send(Array(octets[index...]))
                #expect(try await client.response().text == given.content)
            }
        }
    }

    @Test func `requests that never end where a read does are not kept`() async throws {
        try await withConnection(SOCK_STREAM) { _, far, connection in
            let client = try RawHTTPClient(owning: dup(far))
            let request = Wire.get("/1", "X-Padding: " + String(repeating: "x", count: 1000))
            let (beginning, end) = (String(request.prefix(500)), String(request.dropFirst(500)))
            try await client.send(beginning)
            for _ in 0..<100 {
                #expect(try await client.exchange(end + beginning).text == "/1")
            }
            #expect(await connection.input.count <= 2 * request.utf8.count)
        }
    }

    @Test func `what comes while a request is answered is left to the kernel`() async throws {
        try await withConnection(SOCK_STREAM) { near, far, connection in
            let client = try RawHTTPClient(owning: dup(far))
            let responder = try #require(connection.host.responder as? TestResponder)
            try await client.send(Wire.get("/held"))
            await responder.arrivals.wait()
            let later = String(repeating: Wire.get("/later"), count: 1000)
            try await client.send(later)
            #expect(unreadCount(near) == later.utf8.count)
            #expect(await connection.input.isEmpty)
            responder.release.happened()
            #expect(try await client.response().text == "held")
            for _ in 0..<1000 { #expect(try await client.response().text == "/later") }
        }
    }

    @Test func `answers that are never all read are not kept once written`() async throws {
        try await withConnection(SOCK_STREAM, unsentBytesMax: 1 << 20) { _, far, connection in
            let client = try RawHTTPClient(owning: dup(far))
            // More than the sockets hold and less than stops the reading, so some always waits.
            let request = Wire.get("/octets/250000")
            try await client.send(request + request)
            for _ in 0..<40 {
                try await client.send(request)
                #expect(try await client.response().body.count == 250_000)
            }
            #expect(await connection.output.count <= 2_000_000)
        }
    }

    @Test func `a connection between requests keeps no octets`() async throws {
        try await withConnection(SOCK_STREAM) { _, far, connection in
            let client = try RawHTTPClient(owning: dup(far))
            let content = String(repeating: "x", count: 500_000)
            #expect(try await client.exchange(Wire.post("/echo", content)).text == content)
            #expect(await eventually { await connection.input.capacity <= 1024 })
            #expect(await eventually { await connection.output.capacity <= 1024 })
        }
    }

    @Test func `a connection that was ended answers nothing that it had read`() async throws {
        try await withConnection(SOCK_STREAM) { _, far, connection in
            let client = try RawHTTPClient(owning: dup(far))
            let responder = try #require(connection.host.responder as? TestResponder)
            try await client.send(Wire.get("/held") + Wire.get("/held"))
            await responder.arrivals.wait()
            await connection.abort()
            responder.release.happened()
            #expect(try await client.remainder() == [])
            #expect(responder.arrivals.count == 1)
        }
    }

    @Test func `a drain between an answer and its write ends the connection after it`() async throws
    {
        try await withConnection(SOCK_STREAM) { _, far, connection in
            let client = try RawHTTPClient(owning: dup(far))
            let responder = try #require(connection.host.responder as? TestResponder)
            try await client.send(Wire.get("/held"))
            await responder.arrivals.wait()
            let loop = connection.loop
            // Both are done in one turn of the loop, at the end of which answers are written.
            await loop.run { _ in
                responder.release.happened()
                loop.awaitJobs(1)
                Task { await connection.drain() }
                loop.awaitJobs(2)
            }
            let response = try await client.response()
            // The answer was made before the drain, so it announces nothing.
            #expect(response.text == "held" && response["Connection"] == nil)
            #expect(try await client.remainder() == [])
        }
    }

    /// Serves one end of a pair of sockets, socketpair(2), and gives `body` both.
    private func withConnection(
        _ kind: __socket_type, unsentBytesMax: Int = 256 * 1024,
        _ body: (_ near: CInt, _ far: CInt, Connection) async throws -> Void
    ) async throws {
        let loop = try EventLoop()
        try loop.start()
        defer { loop.stop() }
        var numbers: [CInt] = [-1, -1]
        // A process that another test starts meanwhile must not hold the connection open.
        let type = CInt(kind.rawValue | SOCK_CLOEXEC.rawValue)
        try #require(socketpair(AF_UNIX, type, 0, &numbers) == 0)
        _ = fcntl(numbers[0], F_SETFL, O_NONBLOCK)
        let far = FileDescriptor(owning: numbers[1])
        var configuration = HTTPServerConfiguration()
        // A busy machine takes its time; where silence is tested, the test says how long.
        configuration.firstOctetTimeout = .seconds(120)
        configuration.unsentBytesMax = unsentBytesMax
        let metrics = MetricsRegistry(loopCount: 1)
        let host = ConnectionHost(
            loop: loop, responder: TestResponder(bodyBytesMax: 1 << 20),
            configuration: configuration, metrics: ServerMetrics(in: metrics),
            shard: metrics.shard(ofLoop: 0))
        let registry = ConnectionRegistry(host: host)
        loop.connectionPlaced()
        let connection = await registry.open(numbers[0], from: .unknown)
        try await body(numbers[0], far.rawValue, connection)
        await connection.abort()
        await registry.drain(grace: .seconds(30))
    }

    /// Octets that have arrived at a socket and that nobody has read, ioctl_list(2).
    private func unreadCount(_ number: CInt) -> CInt {
        var count: CInt = -1
        return ioctl(number, UInt(FIONREAD), &count) == 0 ? count : -1
    }

    /// Waits for a message and takes it.
    private func receive(_ number: CInt, into buffer: inout [UInt8]) async throws -> Int {
        var count = -1
        _ = await eventually {
            count = recv(number, &buffer, buffer.count, CInt(MSG_DONTWAIT))
            return count >= 0
        }
        return try #require(count > 0 ? count : nil)
    }
}
