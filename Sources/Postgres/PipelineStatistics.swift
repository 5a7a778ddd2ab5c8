/// What went over a connection, or over several.
package struct PipelineStatistics: Equatable, Sendable {
    /// Syncs that closed a batch of statements.
    package var batches = 0
    /// Statements in those batches.
    package var queries = 0

    /// Makes the statistics of a connection that has carried nothing.
    package init() {}

    /// How many statements shared a round trip on average; 0 before the first.
    package var queriesPerBatch: Double {
        batches == 0 ? 0 : Double(queries) / Double(batches)
    }

    /// Adds what another connection carried.
    package static func += (left: inout PipelineStatistics, right: PipelineStatistics) {
        left.batches += right.batches
        left.queries += right.queries
    }
}
