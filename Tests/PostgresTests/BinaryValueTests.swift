import Ambient
import Testing

@testable import Postgres

/// Decoding is pure, so that octets that no server sends can be tried as well.
@Suite("Values in PostgreSQL's binary format")
struct BinaryValueTests {
    private static let one: [UInt8] = [0, 0, 0, 1]
    private static let none: [UInt8] = [0, 0, 0, 0]
    private static let textType: [UInt8] = [0, 0, 0, 25]
    private static let head = one + none + textType

    struct Malformed: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let octets: [UInt8]
    }

    @Test func `a length that its type does not have is refused`() {
        for count in 0...20 {
            let octets = [UInt8](repeating: 0, count: count)
            #expect((decoded(octets) { $0.uuid } != nil) == (count == 16))
            #expect((decoded(octets) { $0.bool } != nil) == (count == 1))
            #expect((decoded(octets) { $0.int16 } != nil) == (count == 2))
            #expect((decoded(octets) { $0.int32 } != nil) == (count == 4))
            #expect((decoded(octets) { $0.int64 } != nil) == (count == 8))
            #expect((decoded(octets) { $0.double } != nil) == (count == 8))
            #expect((decoded(octets) { $0.timestamp } != nil) == (count == 8))
            #expect(decoded(octets) { $0.jsonb } == nil)
        }
    }

    @Test func `values that Swift cannot hold are refused`() {
        #expect(decoded([2]) { $0.bool } == nil)
        #expect(decoded([0x7F] + [UInt8](repeating: 0xFF, count: 7)) { $0.timestamp } == nil)
        #expect(decoded([0x80] + [UInt8](repeating: 0, count: 7)) { $0.timestamp } == nil)
        // It would overflow after the change of epoch; no server has it.
        #expect(decoded([0x7F] + [UInt8](repeating: 0xFE, count: 7)) { $0.timestamp } == nil)
        for octets in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0x61, 0x80]] as [[UInt8]] {
            #expect(decoded(octets) { $0.text } == nil)
        }
        #expect(decoded([2, 0x7B, 0x7D]) { $0.jsonb } == nil)
    }

    @Test func `an array is read whatever its first subscript`() {
        let octets =
            Self.head + [0, 0, 0, 2] + [0xFF, 0xFF, 0xFF, 0xFB]
            + [0, 0, 0, 1, 0x61] + [0, 0, 0, 0]
        #expect(texts(octets) == ["a", ""])
        #expect(texts(Self.none + Self.none + Self.textType) == [])
        #expect(texts(Self.head + Self.none + Self.one) == [])
    }

    @Test(arguments: [
        Malformed(testDescription: "nothing", octets: []),
        Malformed(testDescription: "half a head", octets: one + none),
        Malformed(
            testDescription: "no dimension, but octets", octets: none + none + textType + one),
        Malformed(testDescription: "no size", octets: head),
        Malformed(
            testDescription: "elements of another type", octets: one + none + one + one + one),
        Malformed(
            testDescription: "two dimensions",
            octets: [0, 0, 0, 2] + none + textType + one + one + one + one + none),
        Malformed(
            testDescription: "a negative number of dimensions",
            octets: [0xFF, 0xFF, 0xFF, 0xFF] + none + textType + one + one),
        Malformed(
            testDescription: "a negative size", octets: head + [0xFF, 0xFF, 0xFF, 0xFF] + one),
        Malformed(
            testDescription: "the greatest size", octets: head + [0x7F, 0xFF, 0xFF, 0xFF] + one),
        Malformed(testDescription: "a missing element", octets: head + one + one),
        Malformed(
            testDescription: "an element that is cut off", octets: head + one + one + one),
        Malformed(
            testDescription: "an element that is longer than all",
            octets: head + one + one + [0x7F, 0xFF, 0xFF, 0xFF] + one),
        Malformed(
            testDescription: "a NULL",
            octets: one + one + textType + one + one + [0xFF, 0xFF, 0xFF, 0xFF]),
        Malformed(
            testDescription: "a length below that of NULL",
            octets: head + one + one + [0xFF, 0xFF, 0xFF, 0xFE]),
        Malformed(
            testDescription: "octets after the last element",
            octets: head + one + one + none + [0]),
        Malformed(
            testDescription: "an element that is not UTF-8", octets: head + one + one + one + [0xFF]
        ),
    ])
    func `an array that is none of texts is refused`(_ given: Malformed) {
        #expect(texts(given.octets) == nil)
    }

    @Test func `mutated arrays give an array or nothing, and never a trap`() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("Mutations of arrays: seed \(seed).")
        var random = RandomValues(seed: seed)
        var readable = 0
        for round in 0..<5_000 {
            let texts = random.list { $0.text() }
            var octets = Parameters.octets(of: texts)
            #expect(self.texts(octets) == texts, "seed \(seed), round \(round)")
            for _ in 0...(random.bits() % 3) { random.mutate(&octets) }
            if self.texts(octets) != nil { readable += 1 }
            _ = decoded(octets) { value in value.array(of: .uuid) { $0.uuid } }
            guard round % 100 == 0 else { continue }
            for count in 0..<octets.count { _ = self.texts(Array(octets[..<count])) }
        }
        // Some mutations leave an array: the test reaches behind the first check.
        #expect(readable > 50)
    }

    private func decoded<Value>(_ octets: [UInt8], _ read: (BinaryValue) -> Value?) -> Value? {
        octets.withUnsafeBytes { read(BinaryValue(octets: $0)) }
    }

    private func texts(_ octets: [UInt8]) -> [String]? {
        decoded(octets) { value in value.array(of: .text) { $0.text } }
    }
}

extension RandomValues {
    /// Changes, inserts or removes an octet, or cuts the end off.
    mutating func mutate(_ octets: inout [UInt8]) {
        guard !octets.isEmpty else { return }
        let place = Int(bits() % UInt64(octets.count))
        switch bits() % 5 {
        case 0: octets[place] = UInt8(truncatingIfNeeded: bits())
        case 1: octets[place] ^= 1 << (bits() % 8)
        case 2: octets.insert(UInt8(truncatingIfNeeded: bits()), at: place)
        case 3: octets.remove(at: place)
        default: octets.removeSubrange(place...)
        }
    }
}
