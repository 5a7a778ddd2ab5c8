import Ambient
import Testing

@Suite("The hash that is the same in each process, FNV-1a")
struct StableHashTests {
    /// From draft-eastlake-fnv, appendix C.
    @Test(
        arguments: [
            ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c),
            ("foobar", 0x8594_4171_f739_67e8),
        ] as [(String, UInt64)])
    func `known texts have known hashes`(_ text: String, _ hash: UInt64) {
        #expect(StableHash(text).value == hash)
    }
}
