import Synchronization

/// All that the process counts: families are declared once, at the start, and read at every scrape.
///
/// Counting takes no lock and meets nobody: each loop has a shard, and all other threads share one,
/// on which an addition is atomic. Reading waits for nobody either, so it works while a loop is
/// stuck.
package final class MetricsRegistry: Sendable {
    private struct Declaration {
        let description: MetricDescription
        let read: @Sendable () -> [MetricSeries]
    }

    private struct State {
        var declarations: [Declaration] = []
        var collectors: [@Sendable () -> [MetricFamily]] = []
    }

    private let loopCount: Int
    private let state = Mutex(State())

    /// Makes an empty registry for a process with so many loops.
    package init(loopCount: Int) { self.loopCount = loopCount }

    /// Where any thread may count that has no shard of its own.
    package var sharedShard: MetricsShard { MetricsShard(index: 0) }

    /// Where the thread of a loop counts, and no other.
    /// - Parameter index: The loop's number, from 0.
    package func shard(ofLoop index: Int) -> MetricsShard {
        precondition((0..<loopCount).contains(index), "There is no loop \(index).")
        return MetricsShard(index: index + 1)
    }

    /// Has a closure asked at every scrape, for families of which others know the values. It runs
    /// on the thread of the scrape, together with itself if there are two, and may not wait.
    package func collect(_ families: @escaping @Sendable () -> [MetricFamily]) {
        state.withLock { $0.collectors.append(families) }
    }

    /// The families with their values now, by name. Any thread may ask.
    package func families() -> [MetricFamily] {
        let (declarations, collectors) = state.withLock { ($0.declarations, $0.collectors) }
        let declared = declarations.map { MetricFamily($0.description, $0.read()) }
        let collected = collectors.flatMap { $0() }
        return (declared + collected).sorted { $0.description.name < $1.description.name }
    }

    /// Room for the numbers of a family.
    func cells(count: Int) -> Cells { Cells(count: count, shardCount: loopCount + 1) }

    /// Takes in a family, whose values `read` tells.
    func declare(
        _ description: MetricDescription, reading read: @escaping @Sendable () -> [MetricSeries]
    ) {
        state.withLock { state in
            precondition(
                !state.declarations.contains { $0.description.name == description.name },
                "\(description.name) is declared already.")
            state.declarations.append(Declaration(description: description, read: read))
        }
    }
}
