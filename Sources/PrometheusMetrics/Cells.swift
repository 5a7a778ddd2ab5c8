import Synchronization

/// The numbers of one family, of which each shard has a copy in cache lines of its own.
///
/// `@unchecked Sendable`: the pointer never changes, and what it points to are atomics, which are
/// initialised here and freed when nobody has this object any more.
final class Cells: @unchecked Sendable {
    /// Octets that processors move between them at a time: two lines, since they fetch pairs.
    private static let lineOctets = 128
    private static let cellsPerLine = lineOctets / MemoryLayout<Atomic<UInt64>>.stride

    private let base: UnsafeMutablePointer<Atomic<UInt64>>
    private let count: Int
    private let stride: Int
    private let shardCount: Int

    init(count: Int, shardCount: Int) {
        self.count = count
        self.shardCount = shardCount
        stride = (count + Self.cellsPerLine - 1) / Self.cellsPerLine * Self.cellsPerLine
        let total = stride * shardCount
        base = UnsafeMutableRawPointer.allocate(
            byteCount: total * MemoryLayout<Atomic<UInt64>>.stride, alignment: Self.lineOctets
        ).bindMemory(to: Atomic<UInt64>.self, capacity: total)
        for index in 0..<total { (base + index).initialize(to: Atomic(0)) }
    }

    deinit {
        base.deinitialize(count: stride * shardCount)
        base.deallocate()
    }

    /// Adds to a number, and wraps around at its end.
    func add(_ amount: UInt64, to index: Int, on shard: MetricsShard) {
        let position = position(of: index, on: shard)
        if shard.isShared {
            base[position].wrappingAdd(amount, ordering: .relaxed)
        } else {
            let value = base[position].load(ordering: .relaxed)
            base[position].store(value &+ amount, ordering: .relaxed)
        }
    }

    /// Replaces a shard's part of a number.
    func set(_ value: UInt64, at index: Int, on shard: MetricsShard) {
        base[position(of: index, on: shard)].store(value, ordering: .relaxed)
    }

    /// The sum over all shards. They go on meanwhile, so two sums belong to two moments.
    func total(_ index: Int) -> UInt64 {
        (0..<shardCount).reduce(0) { sum, shard in
            sum
                &+ base[position(of: index, on: MetricsShard(index: shard))]
                .load(ordering: .relaxed)
        }
    }

    private func position(of index: Int, on shard: MetricsShard) -> Int {
        precondition(
            index >= 0 && index < count && shard.index < shardCount,
            "There is no number \(index) on shard \(shard.index).")
        return shard.index * stride + index
    }
}
