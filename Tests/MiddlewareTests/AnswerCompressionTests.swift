import Gzip
import HTTP
import HTTPTesting
import HTTPTypes
import MetricsTesting
import PrometheusMetrics
import Reactor
import Routing
import Testing

@testable import Middleware

/// Answers with what a test has made up.
private struct TestHandler: Handler {
    let response: Response

    func respond(to request: Request) async -> Response { response }
}

@Suite("Answers in gzip")
struct AnswerCompressionTests {
    private static let short = Array(String(repeating: "Ada ", count: 250).utf8)
    private static let middle = Array(String(repeating: "Ada ", count: 256).utf8)
    private static let long = Array(String(repeating: "Ada Lovelace ", count: 100_000).utf8)

    private let registry = MetricsRegistry(loopCount: 1)
    private let metrics: CompressionMetrics

    init() throws {
        metrics = CompressionMetrics(in: registry)
    }

    private func respond(
        _ response: Response, to fields: [String], _ line: String = "GET /users",
        queueMax: Int = 4
    ) async throws -> Response {
        let loop = try EventLoop()
        try loop.start()
        defer { loop.stop() }
        let pool = try OffloadPool(name: "compression", threads: 1, queueMax: queueMax)
        let policy = CompressionPolicy(
            level: 5, bytesMin: 1024, mediaTypes: ["application/json"])
        let answers = AnswerCompression(
            policy, on: loop, pool, metrics: metrics, shard: registry.shard(ofLoop: 0))
        let codings = ContentCodings(
            loop: loop, pool: pool, bodyBytesMax: 1024, answers: answers)
        let handler = TestHandler(response: response)
        let request = try Request(line, fields: fields)
        return await loop.run { _ in await codings.respond(to: request, by: handler) }
    }

    /// An answer with a user's fields.
    private func answer(
        _ body: [UInt8], type: String = "application/json", cache: String = "private, no-cache"
    ) -> Response {
        var response = Response(status: .ok, contentType: type, body: body)
        response.fields.append(.eTag, "\"3-a\"")
        response.fields.append(.cacheControl, cache)
        response.fields.append(.vary, "Authorization")
        return response
    }

    private func inflated(_ octets: [UInt8]) throws -> [UInt8] {
        let inflated = Inflater()?.inflate(octets.span, upTo: 4 << 20)
        let step = try #require(inflated)
        #expect(step.usedCount == octets.count && !step.isFull)
        return step.output
    }

    /// What was counted, each with its labels, but for what has not happened.
    private var counted: [Substring] { registry.nonzeroLines }

    @Test(arguments: [middle, long], ["GET /users", "HEAD /users"])
    func `who asks gets it, with a tag of its own`(_ body: [UInt8], _ line: String) async throws {
        let response = try await respond(answer(body), to: ["Accept-Encoding: gzip"], line)
        #expect(response.fields.value(of: .contentEncoding) == "gzip")
        #expect(response.fields.value(of: .eTag) == "\"3-a-gzip\"")
        #expect(response.fields.value(of: .vary) == "Authorization, Accept-Encoding")
        #expect(response.fields.value(of: .contentType) == "application/json")
        #expect(response.body.count * 10 < body.count)
        #expect(try inflated(response.body) == body)
        #expect(counted == [#"http_response_compressions_total{outcome="compressed"} 1"#])
    }

    @Test(arguments: [[], ["Accept-Encoding: br"], ["Accept-Encoding: gzip;q=0.5, identity"]])
    func `others get it as it is, and caches tell them apart`(_ fields: [String]) async throws {
        let response = try await respond(answer(Self.middle), to: fields)
        var expected = answer(Self.middle).fields
        expected.replace(.vary, "Authorization, Accept-Encoding")
        #expect(response.fields == expected)
        #expect(response.body == Self.middle)
        #expect(counted == [])
    }

    @Test func `what is short is not looked at`() async throws {
        let response = try await respond(answer(Self.short), to: ["Accept-Encoding: gzip"])
        #expect(response.fields == answer(Self.short).fields && response.body == Self.short)
    }

    @Test func `what may not be stored may hold a secret`() async throws {
        for cache in ["no-store", "private, no-store"] {
            let response = try await respond(
                answer(Self.long, cache: cache), to: ["Accept-Encoding: gzip"])
            #expect(response.fields == answer(Self.long, cache: cache).fields)
            #expect(response.body == Self.long)
        }
    }

    @Test func `some types are not worth it, and nothing is compressed twice`() async throws {
        let image = try await respond(
            answer(Self.middle, type: "image/png"), to: ["Accept-Encoding: gzip"])
        #expect(image.fields == answer(Self.middle, type: "image/png").fields)
        var packed = answer(Self.middle)
        packed.fields.append(.contentEncoding, "gzip")
        let response = try await respond(packed, to: ["Accept-Encoding: gzip"])
        #expect(response.fields == packed.fields && response.body == Self.middle)
    }

    @Test(arguments: [2000, 400_000])
    func `what would not get shorter is sent as it is`(_ count: Int) async throws {
        var generator = SystemRandomNumberGenerator()
        let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let response = try await respond(answer(noise), to: ["Accept-Encoding: gzip"])
        #expect(response.body == noise && response.fields.value(of: .eTag) == "\"3-a\"")
        #expect(!response.fields.contains(.contentEncoding))
        #expect(counted == [#"http_response_compressions_total{outcome="incompressible"} 1"#])
    }

    @Test func `with a full queue what is long is sent as it is, what is short is not`()
        async throws
    {
        let long = try await respond(
            answer(Self.long), to: ["Accept-Encoding: gzip"], queueMax: 0)
        #expect(long.body == Self.long && long.fields.value(of: .eTag) == "\"3-a\"")
        #expect(long.fields.value(of: .vary) == "Authorization, Accept-Encoding")
        #expect(counted == [#"http_response_compressions_total{outcome="refused"} 1"#])
        let middle = try await respond(
            answer(Self.middle), to: ["Accept-Encoding: gzip"], queueMax: 0)
        #expect(middle.fields.value(of: .contentEncoding) == "gzip")
    }

    @Test(arguments: [
        (["If-None-Match: \"3-a-gzip\"", "Accept-Encoding: gzip"], "\"3-a-gzip\""),
        (["If-None-Match: \"2\", \"3-a-gzip\"", "Accept-Encoding: gzip"], "\"3-a-gzip\""),
        (["If-None-Match: \"3-a\"", "Accept-Encoding: gzip"], "\"3-a\""),
        (["If-None-Match: \"3-a-gzip\""], "\"3-a\""),
        (["If-None-Match: \"13-a-gzip\"", "Accept-Encoding: gzip"], "\"3-a\""),
        (["If-None-Match: *", "Accept-Encoding: gzip"], "\"3-a\""),
        (["Accept-Encoding: gzip"], "\"3-a\""),
    ])
    func `what has not changed is called as the client knows it`(
        _ fields: [String], _ tag: String
    ) async throws {
        var unchanged = Response(status: .notModified)
        unchanged.fields.append(.eTag, "\"3-a\"")
        let response = try await respond(unchanged, to: fields)
        #expect(response.status == .notModified && response.fields.value(of: .eTag) == tag)
        #expect(!response.fields.contains(.contentEncoding) && response.body.isEmpty)
    }
}
