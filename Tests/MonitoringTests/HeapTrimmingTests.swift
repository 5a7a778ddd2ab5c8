import Glibc
import Testing

@testable import Monitoring

@Suite("Memory that is given back")
struct HeapTrimmingTests {
    @Test func `more than 8 MiB beyond the least is worth trimming`() {
        var growth = HeapGrowth()
        let base: Int64 = 30 << 20
        let found = [0, 8 << 20, 8 << 20 | 1, -4_096, 8 << 20].map {
            growth.isWorthTrimming(bytes: base + $0)
        }
        // The least counts, not the last.
        #expect(found == [false, false, true, false, true])
    }

    @Test func `what is free between what is in use goes back to the kernel`() throws {
        // Small enough that each lies in the heap, and every hundredth stays, so that the heap's
        // end is in use.
        let blocks = try (0..<4_000).map { _ in
            let block = try #require(malloc(32 * 1024))
            return memset(block, 1, 32 * 1024)
        }
        for (number, block) in blocks.enumerated() where (number + 1) % 100 != 0 { free(block) }
        let before = try #require(HeapTrimming.bytes())
        HeapTrimming.trim()
        let after = try #require(HeapTrimming.bytes())
        #expect(before - after > 64 << 20)
        for (number, block) in blocks.enumerated() where (number + 1) % 100 == 0 { free(block) }
    }
}
