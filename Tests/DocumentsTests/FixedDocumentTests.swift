import Gzip
import HTTP
import HTTPTesting
import HTTPTypes
import Routing
import Testing

@testable import Documents

@Suite("A document that stays what it is")
struct FixedDocumentTests {
    private static let plain = Array("plain".utf8)
    private static let packed = Array("packed".utf8)

    private func get(
        _ document: FixedDocument, _ fields: [String] = []
    ) async throws -> Response {
        let router = Router([Route(.get, "/document", .untold, document)])
        return await router.respond(to: try Request("GET /document", fields: fields))
    }

    @Test(arguments: [
        ([], "plain"), (["Accept-Encoding: gzip"], "packed"),
        (["Accept-Encoding: br, gzip;q=0.5"], "packed"), (["Accept-Encoding: *"], "packed"),
        (["Accept-Encoding: gzip;q=0"], "plain"), (["Accept-Encoding: gzip; q=0.000"], "plain"),
        (["Accept-Encoding: *, gzip;q=0"], "plain"), (["Accept-Encoding: *;q=0"], "plain"),
        (["Accept-Encoding: br, identity"], "plain"), (["Accept-Encoding: GZIP"], "packed"),
        (["Accept-Encoding: br", "Accept-Encoding: gzip"], "packed"),
    ])
    func `it is sent in gzip to whoever takes it`(_ fields: [String], _ text: String) async throws {
        let document = FixedDocument("text/css", Self.plain, gzipped: Self.packed)
        let response = try await get(document, fields)
        #expect(String(decoding: response.body, as: UTF8.self) == text)
        #expect(response.fields.value(of: .contentEncoding) == (text == "packed" ? "gzip" : nil))
        #expect(response.fields.value(of: .vary) == "Accept-Encoding")
    }

    @Test func `each form has its own entity tag, by which it is not sent again`() async throws {
        let document = FixedDocument("text/css", Self.plain, gzipped: Self.packed)
        let gzip = ["Accept-Encoding: gzip"]
        let plainTag = try #require(try await get(document).fields.value(of: .eTag))
        let packedTag = try #require(try await get(document, gzip).fields.value(of: .eTag))
        #expect(plainTag != packedTag)
        let unchanged = try await get(document, gzip + ["If-None-Match: \"x\", W/\(packedTag)"])
        #expect(unchanged.status == .notModified && unchanged.body.isEmpty)
        #expect(unchanged.fields.value(of: .eTag) == packedTag)
        #expect(unchanged.fields.value(of: .contentType) == nil)
        #expect(unchanged.fields.value(of: .contentEncoding) == nil)
        let other = try await get(document, gzip + ["If-None-Match: \(plainTag)"])
        #expect(other.status == .ok)
        let inGzipOnce = try await get(document, ["If-None-Match: \(packedTag)"])
        #expect(inGzipOnce.status == .ok && inGzipOnce.fields.value(of: .eTag) == plainTag)
    }

    @Test func `other content has another entity tag`() async throws {
        let one = try await get(FixedDocument("text/css", Self.plain))
        let other = try await get(FixedDocument("text/css", Self.packed))
        #expect(one.fields.value(of: .eTag) != other.fields.value(of: .eTag))
        #expect(one.fields.value(of: .vary) == nil)
    }

    @Test(arguments: [true, false])
    func `what is kept in gzip is inflated for whoever does not take it so`(
        _ isSentPacked: Bool
    ) async throws {
        // More than one piece.
        let text = Array(String(repeating: "0123456789abcdef", count: 10_000).utf8)
        let gzip = Gzip.compress(text.span, level: 9)
        let packed = try #require(gzip)
        let document = FixedDocument(
            "text/css", try #require(PackedContent(gzip: packed)), isSentPacked: isSentPacked,
            caching: .forever)
        let plain = try #require(try await get(document).stream)
        #expect(plain.length == 160_000)
        var inflated: [UInt8] = []
        for try await piece in plain.chunks { inflated += piece }
        #expect(inflated == text)
        let other = try await get(document, ["Accept-Encoding: gzip"])
        #expect(other.body == (isSentPacked ? packed : []))
        #expect((other.stream == nil) == isSentPacked)
    }

    @Test func `what is kept in gzip and is none ends with an error`() async throws {
        #expect(PackedContent(gzip: [UInt8](repeating: 1, count: 17)) == nil)
        let content = try #require(PackedContent(gzip: [UInt8](repeating: 1, count: 18)))
        let document = FixedDocument("text/css", content, isSentPacked: true, caching: .forever)
        let plain = try #require(try await get(document).stream)
        await #expect(throws: (any Error).self) {
            for try await _ in plain.chunks {}
        }
    }
}
