import Postgres
import Synchronization

/// How long the reads may take that nobody can promise to be quick.
package struct SearchLimits: Equatable, Sendable {
    /// For a page; then it is given up. From a millisecond on.
    package var pageTimeout: Duration
    /// For a count; then nobody learns it. From a millisecond on.
    package var countTimeout: Duration
    /// How many may go on at once, so that connections are left for others; at least one.
    package var searchesMax: Int

    /// Makes limits.
    package init(
        pageTimeout: Duration = .seconds(2), countTimeout: Duration = .seconds(1),
        searchesMax: Int = 8
    ) {
        precondition(searchesMax > 0, "\(searchesMax) searches are none.")
        self.pageTimeout = pageTimeout
        self.countTimeout = countTimeout
        self.searchesMax = searchesMax
    }
}

/// Lets so many searches go on at once, of those who share it, and no more.
final class SearchBound: Sendable {
    private let max: Int
    private let running = Atomic<Int>(0)

    init(_ max: Int) { self.max = max }

    /// Runs `body` unless too many do already.
    /// - Throws: What `body` throws; ``PostgresError/overloaded``.
    func including<Value>(
        _ body: () async throws(PostgresError) -> Value
    ) async throws(PostgresError) -> Value {
        defer { running.subtract(1, ordering: .relaxed) }
        guard running.add(1, ordering: .relaxed).newValue <= max else { throw .overloaded }
        return try await body()
    }
}
