import CMalloc
package import Reactor

/// Gives memory back to the kernel that a flood has taken and that the heap would keep.
///
/// By itself glibc gives back what is free at the end of a heap, and what was so large that it was
/// mapped alone. What thousands of connections had lies between what others still have:
/// malloc_trim(3) gives back each page of it on which nothing is in use. Others may keep memory of
/// their own for the next time.
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

    /// Looks now and every ten seconds, until the task is cancelled.
    package func watch(on loop: EventLoop) async {
        var growth = HeapGrowth()
        while !Task.isCancelled {
            // A pool that is busy or has been stopped: then the next time, or never.
            if let resident = (try? await pool.run({ Self.residentBytes() })) ?? nil,
                growth.isWorthTrimming(residentBytes: resident)
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

    /// Octets of the process that are in memory; nil if the kernel does not tell. Not for loops.
    static func residentBytes() -> Int64? {
        let status = contents(of: "/proc/self/stat").flatMap(ProcessStatus.init)
        return status.map { $0.residentPages * pageBytes }
    }
}

/// Whether a process has so much more in memory than once that it may be what a flood has left.
struct HeapGrowth: Equatable {
    /// Octets beyond the least that nobody minds.
    static let spareBytesMax: Int64 = 8 << 20

    private var leastBytes = Int64.max

    /// Notes how many octets are in memory.
    mutating func isWorthTrimming(residentBytes: Int64) -> Bool {
        leastBytes = min(leastBytes, residentBytes)
        return residentBytes - leastBytes > Self.spareBytesMax
    }
}
