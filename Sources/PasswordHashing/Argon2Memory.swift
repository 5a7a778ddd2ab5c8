import Glibc
import Synchronization

/// Memory that Argon2id fills, kept from one hash to the next.
///
/// Mapped anew for each hash it costs a tenth of the hash's time, and half of it where there are no
/// large pages. Left to malloc(3), it stays for good with the thread that hashed: malloc_trim(3)
/// does not look at the end of another thread's heap.
package final class Argon2Memory: Sendable {
    /// What all hashes take theirs from: libargon2 tells its callbacks no more than a size.
    package static let shared = Argon2Memory()

    /// What no hash is using. There is no more of it than there have been hashes at a time.
    private let idle = Mutex<[Region]>([])

    init() {}

    deinit { trim() }

    /// Gives back to the kernel what no hash is using. It may be called at any time, not on a loop:
    /// it takes milliseconds.
    package func trim() {
        let regions = idle.withLock { idle in
            defer { idle = [] }
            return idle
        }
        for region in regions { region.unmap() }
    }

    /// Memory for one hash, zeroed by the kernel or by the hash before.
    /// - Returns: nil when there is none.
    func take(byteCount: Int) -> UnsafeMutablePointer<UInt8>? {
        if let kept = idle.withLock({ $0.popLast() }) {
            if kept.byteCount == byteCount { return kept.start }
            kept.unmap()
        }
        return Region(mappingBytes: byteCount)?.start
    }

    /// Keeps what ``take(byteCount:)`` has returned.
    func putBack(_ start: UnsafeMutablePointer<UInt8>, byteCount: Int) {
        let region = Region(start: start, byteCount: byteCount)
        idle.withLock { $0.append(region) }
    }
}

/// Pages that nobody else has: of one hash, or of none while they lie in ``Argon2Memory``.
private struct Region: Sendable {
    private let address: UInt
    let byteCount: Int

    var start: UnsafeMutablePointer<UInt8>? { UnsafeMutablePointer(bitPattern: address) }

    init(start: UnsafeMutablePointer<UInt8>, byteCount: Int) {
        address = UInt(bitPattern: start)
        self.byteCount = byteCount
    }

    /// mmap(2); nil when there is no memory.
    init?(mappingBytes byteCount: Int) {
        let start = mmap(
            nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let start, start != MAP_FAILED else { return nil }
        // Fewer page faults, and fewer translations to look up while it is filled; a kernel that
        // has no large pages does without.
        madvise(start, byteCount, MADV_HUGEPAGE)
        address = UInt(bitPattern: start)
        self.byteCount = byteCount
    }

    func unmap() { munmap(start, byteCount) }
}
