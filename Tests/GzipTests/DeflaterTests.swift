import Gzip
import Testing

@Suite("Compression, text after text and piece by piece")
struct DeflaterTests {
    private func inflate(_ octets: [UInt8]) throws -> [UInt8] {
        let inflater = try #require(Inflater())
        let inflated = inflater.inflate(octets.span, upTo: 4 << 20)
        let step = try #require(inflated)
        #expect(step.usedCount == octets.count && inflater.isComplete && !step.isFull)
        return step.output
    }

    @Test(arguments: 1...9)
    func `every level makes the same text of it`(_ level: Int) throws {
        let text = Array(String(repeating: "Ada Lovelace ", count: 5000).utf8)
        let compressed = Gzip.compress(text.span, level: level) ?? []
        #expect(compressed.count < 1000)
        #expect(try inflate(compressed) == text)
    }

    @Test func `one compressor makes texts that know nothing of each other`() throws {
        let deflater = try #require(Deflater(level: 5))
        let text = Array(#"{"email":"ada@example.com"}"#.utf8)
        let first = deflater.compress(text.span, isLast: true)
        let other = deflater.compress([UInt8](repeating: 7, count: 100_000).span, isLast: true)
        #expect(deflater.compress(text.span, isLast: true) == first)
        #expect(try inflate(first) == text)
        #expect(try inflate(other).count == 100_000)
    }

    @Test(arguments: [1, 7, 1000, 65_536, 300_000])
    func `pieces make the same text as all at once`(_ pieceCount: Int) throws {
        var generator = SystemRandomNumberGenerator()
        let text = (0..<300_000).map { index in
            index % 3 == 0 ? UInt8.random(in: 0...255, using: &generator) : UInt8(index % 251)
        }
        let deflater = try #require(Deflater(level: 1))
        var compressed: [UInt8] = []
        for start in stride(from: 0, to: text.count, by: pieceCount) {
            let end = min(start + pieceCount, text.count)
            compressed += deflater.compress(
                text.span.extracting(start..<end), isLast: end == text.count)
        }
        #expect(try inflate(compressed) == text)
    }

    @Test(arguments: [
        ("application/json", 1024, true), ("application/json; charset=utf-8", 2048, true),
        ("application/json", 1023, false), ("image/png", 5000, false),
        ("application/jsonp", 5000, false),
    ])
    func `a policy covers some types from some length on`(
        _ contentType: String, _ count: Int, _ isCovered: Bool
    ) {
        let policy = CompressionPolicy(
            level: 5, bytesMin: 1024, mediaTypes: ["text/html", "application/json"])
        #expect(policy.covers(contentType, count: count) == isCovered)
        let zeros = [UInt8](repeating: 0, count: count)
        #expect((policy.compress(zeros, of: contentType) != nil) == isCovered)
    }

    @Test func `a document that does not get shorter stays as it is`() {
        let policy = CompressionPolicy(level: 9, bytesMin: 1, mediaTypes: ["text/css"])
        #expect(policy.compress(Array("a{}".utf8), of: "text/css") == nil)
    }
}
