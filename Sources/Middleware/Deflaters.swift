import Gzip
import Reactor

/// The compressors of one loop, on which they live while nobody uses them: to make one takes five
/// times as long as to compress a kibibyte with it.
actor Deflaters {
    /// Most that are kept, of 256 KiB each: one for short texts, and one that may be on a thread.
    private static let idleMax = 2

    private nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let level: Int
    private var idle: [Deflater] = []

    init(level: Int, on loop: EventLoop) {
        self.loop = loop
        self.level = level
    }

    /// One that nobody else has; nil if there is not enough memory. On the loop's thread.
    nonisolated func take() -> Deflater? {
        assumeOnLoop(loop.isCurrent) { $0.idle.popLast() ?? Deflater(level: $0.level) }
    }

    /// Gives back one that has ended its text. On the loop's thread.
    nonisolated func giveBack(_ deflater: Deflater) {
        assumeOnLoop(loop.isCurrent, deflater) { deflaters, deflater in
            if deflaters.idle.count < Deflaters.idleMax { deflaters.idle.append(deflater) }
        }
    }
}
