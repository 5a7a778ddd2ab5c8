import Glibc
import HTTP
import HTTPTesting
import PrometheusMetrics
import Reactor
import Synchronization

@testable import HTTPServer

/// A server on a port that the kernel chose, with loops of its own.
struct TestServer: Sendable {
    let server: HTTPServer
    let loops: EventLoopGroup
    let responder: TestResponder
    let sheddings: Sheddings
    let metrics: MetricsRegistry

    var port: Int { server.port }

    /// Connections of all loops.
    var connectionCount: Int { loops.loops.reduce(0) { $0 + $1.connectionCount } }

    /// The server's descriptors on its port: the listener and the accepted connections. Other
    /// tests have other ports, so theirs are not counted.
    var descriptorCount: Int {
        let limit = CInt(sysconf(CInt(_SC_OPEN_MAX)))
        return (0..<min(limit, 65_536)).count { localPort(of: $0) == port }
    }

    func connect() throws -> RawHTTPClient { try RawHTTPClient(port: port) }

    /// Connects from an address of this machine other than the usual one.
    func connect(from address: String) throws -> RawHTTPClient {
        let socket = try TestSocket(at: address)
        try socket.connect(port: port)
        return try socket.client()
    }

    /// Sends `request` on a connection of its own and returns the first response.
    func exchange(_ request: String) async throws -> RawResponse {
        try await connect().exchange(request)
    }

    private func localPort(of number: CInt) -> Int? {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutableBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                getsockname(number, $0.baseAddress, &length)
            }
        }
        guard code == 0, address.sin_family == sa_family_t(AF_INET) else { return nil }
        return Int(in_port_t(bigEndian: address.sin_port))
    }
}

/// What a server has told of connections that it closed for want of room.
final class Sheddings: Sendable {
    private let reports = Mutex<[Shedding]>([])

    var all: [Shedding] { reports.withLock { $0 } }

    func append(_ report: Shedding) { reports.withLock { $0.append(report) } }
}

/// Runs `body` with a server, and afterwards ends it and waits until no connection is left.
func withServer(
    loops count: Int = 1,
    _ configure: (inout HTTPServerConfiguration) -> Void = { _ in },
    _ body: (TestServer) async throws -> Void
) async throws {
    var configuration = HTTPServerConfiguration()
    // A busy machine takes its time; where silence is tested, the test says how long.
    configuration.firstOctetTimeout = .seconds(120)
    configure(&configuration)
    let loops = try EventLoopGroup(count: count)
    defer { loops.stop() }
    let responder = TestResponder(bodyBytesMax: configuration.request.bodyBytesMax)
    let listener = try Listener(host: "127.0.0.1", port: 0, backlog: configuration.backlog)
    let sheddings = Sheddings()
    let metrics = MetricsRegistry(loopCount: count)
    let server = HTTPServer(
        listener: listener, loops: loops, configuration: configuration,
        metrics: ServerMetrics(in: metrics), shard: { metrics.shard(ofLoop: $0.index) },
        onShedding: { sheddings.append($0) }, responder: { _ in responder })
    try await server.start()
    let test = TestServer(
        server: server, loops: loops, responder: responder, sheddings: sheddings,
        metrics: metrics)
    let result: Result<Void, any Error>
    do {
        result = .success(try await body(test))
    } catch {
        result = .failure(error)
    }
    responder.release.happened()
    await server.drain(grace: .zero)
    _ = await eventually { test.connectionCount == 0 }
    try result.get()
}
