import Ambient
import Gzip
import HTTP
import HTTPTesting
import HTTPTypes
import Reactor
import Routing
import Synchronization
import Testing

@testable import Middleware

/// Answers with the content of the request, or with what is wrong with it.
private struct EchoHandler: Handler {
    static let bytesMax = 200_000

    func respond(to request: Request) async -> Response {
        do throws(BodyError) {
            let content = try await request.body.collect(upTo: Self.bytesMax)
            return Response(status: .ok, contentType: "text/plain", body: content)
        } catch {
            return Problem(error).response(instance: "", requestID: "")
        }
    }
}

/// The beginning of a content whose rest does not come in time.
private final class UnfinishedBody: BodySource {
    private let beginning: Mutex<[UInt8]?>

    init(_ beginning: [UInt8]) { self.beginning = Mutex(beginning) }

    func nextChunk(upTo bytesMax: Int) async throws(BodyError) -> [UInt8]? {
        guard let octets = beginning.withLock({ $0.take() }) else { throw .timedOut }
        return Array(octets.prefix(bytesMax))
    }
}

@Suite("Content of requests in gzip")
struct InflatedContentTests {
    private static let text = Array(#"{"email":"ada@example.com","display_name":"Ada"}"#.utf8)

    private func respond(
        _ content: [UInt8], _ coding: String?, queueMax: Int = 4
    ) async throws -> Response {
        try await respond(RequestBody(bytes: content), coding, queueMax: queueMax)
    }

    private func respond(
        _ content: RequestBody, _ coding: String?, queueMax: Int = 4
    ) async throws -> Response {
        let loop = try EventLoop()
        try loop.start()
        defer { loop.stop() }
        let pool = try OffloadPool(name: "compression", threads: 1, queueMax: queueMax)
        let codings = ContentCodings(
            loop: loop, pool: pool, bodyBytesMax: EchoHandler.bytesMax, answers: nil)
        let fields = coding.map { ["Content-Encoding: \($0)"] } ?? []
        let head = try Request("POST /users", fields: fields).head
        let request = Request(head: head, body: content, receivedAt: .now)
        return await codings.respond(to: request, by: EchoHandler())
    }

    private func gzip(_ content: [UInt8]) -> [UInt8] {
        Gzip.compress(content.span, level: 9) ?? []
    }

    @Test(arguments: ["gzip", "x-gzip", "GZIP", "gzip, identity", "identity, gzip", ",gzip"])
    func `it is what was compressed`(_ coding: String) async throws {
        let response = try await respond(gzip(Self.text), coding)
        #expect(response.status == .ok && response.body == Self.text)
    }

    @Test(arguments: ["identity", "", nil])
    func `what is not compressed stays as it is`(_ coding: String?) async throws {
        let octets = gzip(Self.text)
        #expect(try await respond(octets, coding).body == octets)
    }

    @Test func `what is long comes out again, unless too much waits to be inflated`()
        async throws
    {
        var generator = SystemRandomNumberGenerator()
        let content = (0..<EchoHandler.bytesMax).map { _ in
            UInt8.random(in: 32...95, using: &generator)
        }
        let response = try await respond(gzip(content), "gzip")
        #expect(response.status == .ok && response.body == content)
        let refused = try await respond(gzip(content), "gzip", queueMax: 0)
        #expect(refused.status == .serviceUnavailable)
    }

    @Test func `what is short is inflated on the loop, whatever waits`() async throws {
        let response = try await respond(gzip(Self.text), "gzip", queueMax: 0)
        #expect(response.status == .ok && response.body == Self.text)
    }

    @Test func `much gzip that stands for nothing is not inflated on the loop`() async throws {
        let octets = gzip([]).prefix(10) + (0..<1_000).flatMap { _ in [0, 0, 0, 0xff, 0xff] }
        #expect(try await respond(Array(octets), "gzip").status == .badRequest)
        #expect(
            try await respond(Array(octets), "gzip", queueMax: 0).status == .serviceUnavailable)
    }

    @Test func `nothing is inflated before all of it has come`() async throws {
        let bomb = gzip([UInt8](repeating: 0, count: 60 << 20))
        #expect(try await respond(bomb, "gzip").status == .contentTooLarge)
        let source = UnfinishedBody(bomb)
        let response = try await respond(RequestBody(source: source, length: nil), "gzip")
        #expect(response.status == .requestTimeout)
    }

    @Test(arguments: ["br", "deflate", "gzip, br", "gzip;q=1", "gzip, gzip"])
    func `other codings are 415`(_ coding: String) async throws {
        let response = try await respond(gzip(Self.text), coding)
        #expect(response.status == .unsupportedMediaType)
        #expect(response.fields.value(of: .acceptEncoding) == "gzip, identity")
    }

    @Test func `what is not gzip, or not whole, is 400`() async throws {
        let octets = gzip(Self.text)
        let cases: [[UInt8]] = [
            [], Self.text, octets.dropLast(), octets + [0], octets.dropLast() + [9],
        ]
        for content in cases {
            let response = try await respond(content, "gzip")
            #expect(response.status == .badRequest)
            #expect(String(decoding: response.body, as: UTF8.self).contains("malformed_gzip"))
        }
    }

    @Test func `many members are one content`() async throws {
        let response = try await respond(gzip(Self.text) + gzip([]) + gzip(Self.text), "gzip")
        #expect(response.body == Self.text + Self.text)
    }

    @Test func `the limit is for what comes out`() async throws {
        var generator = SystemRandomNumberGenerator()
        let most = (0..<EchoHandler.bytesMax).map { _ in
            UInt8.random(in: 0...63, using: &generator)
        }
        #expect(try await respond(gzip(most), "gzip").body.count == EchoHandler.bytesMax)
        #expect(try await respond(gzip(most + [0]), "gzip").status == .contentTooLarge)
    }

    @Test func `little that stands for much more than usual is 413`() async throws {
        // A thousand octets for each.
        let response = try await respond(gzip([UInt8](repeating: 32, count: 70_000)), "gzip")
        #expect(response.status == .contentTooLarge)
        let short = try await respond(gzip([UInt8](repeating: 32, count: 65_536)), "gzip")
        #expect(short.status == .ok && short.body.count == 65_536)
    }

    @Test func `a bomb is 413`() async throws {
        let bomb = gzip([UInt8](repeating: 0, count: 60 << 20))
        #expect(try await respond(bomb, "gzip").status == .contentTooLarge)
        // A member of nothing, again and again.
        let empty = gzip([])
        let many = (0..<20_000).flatMap { _ in empty }
        #expect(try await respond(many, "gzip").status == .contentTooLarge)
    }
}
