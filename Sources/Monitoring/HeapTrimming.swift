import CMalloc
package import Reactor

/// Gives memory back to the kernel that a flood has taken and that the heap would keep.
///
/// By itself glibc gives back what is free at the end of a heap, and what was so large that it was
/// mapped alone. What thousands of connections had lies between what others still have:
/// malloc_trim(3) gives back each page of it on which nothing is in use. What hashes of
/// passwords keep is not malloc's, and is given back with it.
package struct HeapTrimming: Sendable {
    /// How often it is looked whether there is something to give back. Trimming that gives nothing
    /// back takes less than a millisecond, so that is not avoided.
    private static let interval: Duration = .seconds(10)

    private let pool: OffloadPool
    private let trimOthers: @Sendable () -> Void

    /// - Parameters:
    ///   - pool: Where it is done, off the loops: for a heap of 100 MB it takes some milliseconds,
    ///     in which a loop waits if it needs memory of the part that is at hand.
    ///   - trimOthers: Gives back memory that is not of malloc(3).
    package init(on pool: OffloadPool, trimOthers: @escaping @Sendable () -> Void) {
        self.pool = pool
        self.trimOthers = trimOthers
    }

    /// Gives back the code that only the start needed, and looks now and every ten seconds, until
    /// the task is cancelled.
    package func watch(on loop: EventLoop) async {
        _ = try? await pool.run { CodeTrimming.trim() }
        var growth = HeapGrowth()
        while !Task.isCancelled {
            // A pool that is busy or has been stopped: then the next time, or never.
            if let taken = (try? await pool.run({ Self.bytes() })) ?? nil,
                growth.isWorthTrimming(bytes: taken)
            {
                _ = try? await pool.run {
                    trimOthers()
                    Self.trim()
                }
            }
            await loop.sleep(for: Self.interval)
        }
    }

    /// Gives back what can be given back; some milliseconds.
    static func trim() { _ = malloc_trim(0) }

    /// Octets in memory that are of no file; nil if the kernel does not tell. Not for loops.
    static func bytes() -> Int64? {
        let pages = contents(of: "/proc/self/statm")?.split(separator: " ").compactMap { Int64($0) }
        // How many are in memory is the second, and how many of those are of files the third.
        guard let pages, pages.count > 2 else { return nil }
        return (pages[1] - pages[2]) * pageBytes
    }
}

/// Whether a process has taken so much more memory than once that it may be what a flood has left.
struct HeapGrowth: Equatable {
    /// Octets beyond the least that nobody minds.
    static let spareBytesMax: Int64 = 8 << 20

    private var leastBytes = Int64.max

    /// Notes how many octets it has now.
    mutating func isWorthTrimming(bytes: Int64) -> Bool {
        leastBytes = min(leastBytes, bytes)
        return bytes - leastBytes > Self.spareBytesMax
    }
}
