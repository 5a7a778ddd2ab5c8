import HTTP
import RandomTesting
import Testing

extension SeededGenerator {
    /// `seed` with a few octets changed, inserted, removed, or repeated.
    mutating func mutation(of seed: [UInt8]) -> [UInt8] {
        let telling = octets("\r\n\t :,;=\"%/?#.*0159aAfF[]@\0\u{7F}\u{80}\u{FF}")
        var bytes = seed
        for _ in 0..<Int.random(in: 1...4, using: &self) {
            let index = Int.random(in: 0...bytes.count, using: &self)
            let octet = telling.randomElement(using: &self) ?? 0
            switch Int.random(in: 0..<5, using: &self) {
            case 0: bytes.insert(octet, at: index)
            case 1 where index < bytes.count: bytes.remove(at: index)
            case 2 where index < bytes.count: bytes[index] = octet
            case 3 where index < bytes.count:
                bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &self)
            default:
                let end = Int.random(in: index...bytes.count, using: &self)
                bytes.insert(contentsOf: bytes[index..<min(end, index + 40)], at: index)
            }
        }
        return bytes
    }

    /// Up to four places in `bytes`, in order, and the end.
    mutating func cuts(of bytes: [UInt8]) -> [Int] {
        let cuts = (0..<4).map { _ in Int.random(in: 0...bytes.count, using: &self) }
        return cuts.sorted() + [bytes.count]
    }
}

@Suite("Octets that nobody meant to send")
struct MutationTests {
    @Test func `a mutated head gives a value or an error, the same however it arrives`() {
        let seeds = AcceptedRequests.all.map { octets($0.text) }
        let seed = UInt64.random(in: .min ... .max)
        print("Mutations of heads: seed \(seed).")
        var generator = SeededGenerator(seed: seed)
        for round in 0..<20_000 {
            let bytes = generator.mutation(of: seeds[round % seeds.count])
            let whole = parse(bytes, in: [bytes.count])
            let cut = parse(bytes, in: generator.cuts(of: bytes))
            #expect(cut == whole, "seed \(seed), round \(round): \(bytes)")
        }
    }

    @Test func `mutated chunks give content or an error, the same however they arrive`() {
        let seeds = [
            "a;b=\"c\\\"d\";e\r\n0123456789\r\n5\r\nabcde\r\n0\r\n\r\n",
            "1\r\na\r\n0\r\nX: y\r\n\r\n",
        ].map(octets)
        let seed = UInt64.random(in: .min ... .max)
        print("Mutations of chunks: seed \(seed).")
        var generator = SeededGenerator(seed: seed)
        for round in 0..<10_000 {
            let bytes = generator.mutation(of: seeds[round % seeds.count])
            let whole = decode(bytes, cuts: [bytes.count])
            let cut = decode(bytes, cuts: generator.cuts(of: bytes))
            #expect(cut.error == whole.error, "seed \(seed), round \(round): \(bytes)")
            #expect(whole.error != nil || cut == whole, "seed \(seed), round \(round): \(bytes)")
        }
    }

    @Test func `octets at random give a value or an error`() {
        let seed = UInt64.random(in: .min ... .max)
        print("Octets at random: seed \(seed).")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...64, using: &generator)).map { _ in
                UInt8.random(in: .min ... .max, using: &generator)
            }
            _ = parse(octets("GET /") + bytes, in: [bytes.count + 5])
            _ = decode(bytes, cuts: [bytes.count])
            let text = String(decoding: bytes, as: UTF8.self)
            _ = MediaType(parsing: text)
            _ = EntityTagCondition(parsing: text)
            _ = try? QueryParameters(parsing: text)
            _ = RequestTarget.decodeSegment(bytes.span)
        }
    }
}
