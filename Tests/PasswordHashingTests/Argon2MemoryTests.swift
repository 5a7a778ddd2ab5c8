import Glibc
import Testing

@testable import PasswordHashing

@Suite("Memory of Argon2id")
struct Argon2MemoryTests {
    private let memory = Argon2Memory()
    private let byteCount = 1 << 20

    @Test func `a hash has the memory of the one before it`() throws {
        let first = try #require(memory.take(byteCount: byteCount))
        memory.putBack(first, byteCount: byteCount)
        #expect(memory.take(byteCount: byteCount) == first)
    }

    @Test func `hashes at the same time have memory of their own`() throws {
        let first = try #require(memory.take(byteCount: byteCount))
        let second = try #require(memory.take(byteCount: byteCount))
        #expect(abs(first - second) >= byteCount)
    }

    @Test func `a hash of another cost has all the memory that it needs`() throws {
        let small = try #require(memory.take(byteCount: byteCount))
        memory.putBack(small, byteCount: byteCount)
        let large = try #require(memory.take(byteCount: 4 * byteCount))
        // All of it is there, and was nobody's.
        #expect((0..<4 * byteCount).allSatisfy { large[$0] == 0 })
        memset(large, 1, 4 * byteCount)
        memory.putBack(large, byteCount: 4 * byteCount)
    }

    @Test func `memory that cannot be had is nil`() {
        #expect(memory.take(byteCount: 1 << 60) == nil)
    }

    @Test func `what is not used is given back, what is used is not`() throws {
        let (idle, used) = try (
            #require(memory.take(byteCount: byteCount)), #require(memory.take(byteCount: byteCount))
        )
        memset(idle, 1, byteCount)
        memset(used, 2, byteCount)
        memory.putBack(idle, byteCount: byteCount)
        memory.trim()
        #expect((0..<byteCount).allSatisfy { used[$0] == 2 })
        memory.putBack(used, byteCount: byteCount)
        memory.trim()
        let next = try #require(memory.take(byteCount: byteCount))
        // Memory that was kept would still hold what was written.
        #expect((0..<byteCount).allSatisfy { next[$0] == 0 })
    }
}
