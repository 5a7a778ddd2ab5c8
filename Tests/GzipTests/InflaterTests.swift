import Gzip
import Testing

@Suite("Inflation, RFC 1952")
struct InflaterTests {
    private static let text = Array("What is compressed comes out again, and again.".utf8)

    private static func compress(_ text: [UInt8]) -> [UInt8] {
        Gzip.compress(text.span, level: 6) ?? []
    }

    /// What comes of `octets`, given in pieces and taken in pieces; nil for what is not gzip, or
    /// is not whole.
    private func inflate(
        _ octets: [UInt8], pieceCount: Int = .max, outputMax: Int = 1 << 20
    ) throws -> [UInt8]? {
        let inflater = try #require(Inflater())
        var output: [UInt8] = []
        var start = 0
        var isFull = false
        while start < octets.count || isFull {
            let end =
                pieceCount > octets.count ? octets.count : min(start + pieceCount, octets.count)
            guard
                let step = inflater.inflate(
                    octets.span.extracting(start..<end), upTo: outputMax)
            else { return nil }
            #expect(step.output.count <= outputMax)
            output += step.output
            start += step.usedCount
            isFull = step.isFull
        }
        return inflater.isComplete ? output : nil
    }

    @Test(arguments: [1, 2, 10, 17, 1000], [1, 3, 64, 65_536])
    func `pieces of any size make the same text`(_ pieceCount: Int, _ outputMax: Int) throws {
        let texts = [[], Self.text, [UInt8](repeating: 9, count: 3000)]
        for text in texts {
            let octets = Self.compress(text)
            #expect(try inflate(octets, pieceCount: pieceCount, outputMax: outputMax) == text)
        }
    }

    @Test func `several members are one text`() throws {
        let octets = Self.compress(Self.text) + Self.compress([]) + Self.compress(Self.text)
        #expect(try inflate(octets) == Self.text + Self.text)
        #expect(try inflate(octets, pieceCount: 1, outputMax: 1) == Self.text + Self.text)
    }

    @Test func `a text that ends too early is not whole`() throws {
        let octets = Self.compress(Self.text)
        for count in 0..<octets.count {
            #expect(try inflate(Array(octets[..<count])) == nil, "\(count)")
        }
    }

    @Test func `no octet of it may be another one`() throws {
        let octets = Self.compress(Self.text)
        // The time, the operating system and how hard it was tried say nothing of the text.
        for index in octets.indices where !(4...9).contains(index) {
            var changed = octets
            changed[index] ^= 0x10
            #expect(try inflate(changed) != Self.text, "\(index)")
        }
        for index in octets.count - 8..<octets.count {
            var changed = octets
            changed[index] ^= 1
            #expect(try inflate(changed) == nil, "\(index)")
        }
    }

    @Test(arguments: [
        [0], [0x1f], [0x1f, 0x8b], Array("x".utf8), [UInt8](repeating: 0, count: 512),
    ])
    func `nothing else may follow`(_ rest: [UInt8]) throws {
        #expect(try inflate(Self.compress(Self.text) + rest) == nil)
    }

    @Test(arguments: [
        Array("{}".utf8), [0x78, 0x9c, 0x03, 0, 0, 0, 0, 1], [0x1f, 0x8b, 9, 0, 0, 0, 0, 0, 0, 3],
        // Reserved flags.
        [0x1f, 0x8b, 8, 0xe0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ])
    func `other forms are refused`(_ octets: [UInt8]) throws {
        #expect(try inflate(octets) == nil)
    }

    @Test func `a header with all that it may have is read`() throws {
        var octets = Self.compress(Self.text)
        // FEXTRA, FNAME, FCOMMENT.
        octets[3] = 0x1c
        octets.insert(contentsOf: [2, 0, 7, 7] + Array("name\0comment\0".utf8), at: 10)
        #expect(try inflate(octets, pieceCount: 1) == Self.text)
    }

    @Test func `no more comes out than is asked for`() throws {
        let bomb = Self.compress([UInt8](repeating: 0, count: 60 << 20))
        let inflater = try #require(Inflater())
        let inflated = inflater.inflate(bomb.span, upTo: 1000)
        let step = try #require(inflated)
        #expect(step.output.count == 1000 && step.isFull && !inflater.isComplete)
        #expect(step.usedCount < bomb.count)
    }

    @Test func `what nobody compressed ends in a refusal, never in a trap`() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var octets = Self.compress(Self.text)
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: octets.indices, using: &generator)
                octets[index] = UInt8.random(in: 0...255, using: &generator)
            }
            let pieceCount = Int.random(in: 1...octets.count, using: &generator)
            let output = try inflate(octets, pieceCount: pieceCount, outputMax: 7)
            #expect(output == nil || output == Self.text, "\(octets)")
        }
    }
}
