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
        let large = 256 << 20
        let (idle, used) = try (
            #require(memory.take(byteCount: large)), #require(memory.take(byteCount: byteCount))
        )
        memset(idle, 1, large)
        memset(used, 2, byteCount)
        memory.putBack(idle, byteCount: large)
        let before = try residentPages()
        memory.trim()
        // Other tests take some meanwhile.
        #expect(try before - residentPages() > large / 2 / Int(getpagesize()))
        #expect((0..<byteCount).allSatisfy { used[$0] == 2 })
        memory.putBack(used, byteCount: byteCount)
    }

    /// The second number of `/proc/self/statm`; proc_pid_statm(5).
    private func residentPages() throws -> Int {
        let file = try #require(fopen("/proc/self/statm", "r"))
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        try #require(fgets(&line, CInt(line.count), file) != nil)
        let numbers = line.split(separator: CChar(bitPattern: UInt8(ascii: " ")))
        return numbers[1].reduce(0) { 10 * $0 + Int($1) - Int(UInt8(ascii: "0")) }
    }
}

@Suite("Base64 of stored hashes")
struct HashTextBase64Tests {
    /// RFC 4648 §10, without padding, and all digits.
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
        ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
    ])
    func `octets are written as RFC 4648 has them`(octets: String, text: String) throws {
        #expect(HashText.base64(of: Array(octets.utf8)) == text)
        #expect(try HashText.octets(ofBase64: Substring(text), .plus) == Array(octets.utf8))
    }

    @Test func `each digit is read as it was written`() throws {
        let octets = (0...255).map(UInt8.init)
        let text = HashText.base64(of: octets)
        #expect(try HashText.octets(ofBase64: Substring(text), .plus) == octets)
        #expect(Set(text).count == 64)
    }
}
