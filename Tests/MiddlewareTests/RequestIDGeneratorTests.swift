import Ambient
import Middleware
import Testing

@Suite("Ids of requests")
struct RequestIDGeneratorTests {
    @Test func `ids count up behind what tells processes apart`() {
        let generator = RequestIDGenerator(entropy: Entropy { 0x0123_4567_89ab_cdef })
        #expect(generator.next() == "0123456789abcdef0000000000000001")
        #expect(generator.next() == "0123456789abcdef0000000000000002")
    }

    @Test func `two processes share no id`() {
        let entropy = Entropy.seeded(1)
        let first = RequestIDGenerator(entropy: entropy).next()
        let second = RequestIDGenerator(entropy: entropy).next()
        #expect(first.prefix(16) != second.prefix(16))
    }

    @Test func `no id comes twice, whoever asks at the same time`() async {
        let generator = RequestIDGenerator(entropy: .seeded(1))
        let ids = await withTaskGroup(of: [String].self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<2000).map { _ in generator.next() } }
            }
            return await group.reduce(into: Set<String>()) { $0.formUnion($1) }
        }
        #expect(ids.count == 16_000)
        #expect(ids.allSatisfy { $0.utf8.count == 32 && $0.utf8.allSatisfy(isHexadecimal) })
    }
}
