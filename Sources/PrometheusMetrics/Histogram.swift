/// Counts sizes or times by the bucket they fall into, and sums them.
package struct Histogram<Label: MetricLabel>: Sendable {
    private let cells: Cells
    private let bounds: HistogramBounds
    /// The buckets, the one above all bounds, and the sum.
    private let cellsPerSeries: Int

    /// Declares the family, which must be new to the registry.
    /// - Parameter name: Ends in its unit if it has one; of times that is `seconds`.
    package init(
        _ name: String, _ help: String, unit: MetricUnit? = nil, bounds: HistogramBounds,
        by labels: MetricLabels<Label>, in registry: MetricsRegistry
    ) {
        let cellsPerSeries = bounds.values.count + 2
        let cells = registry.cells(count: labels.rowsMax * cellsPerSeries)
        self.cells = cells
        self.bounds = bounds
        self.cellsPerSeries = cellsPerSeries
        let description = MetricDescription(
            name, help, .histogram, unit: unit, labelNames: labels.names)
        registry.declare(description) {
            labels.rows().enumerated().compactMap { index, row in
                let start = index * cellsPerSeries
                let value = HistogramValue(
                    bounds, buckets: (start...start + bounds.values.count).map(cells.total),
                    sum: cells.total(start + cellsPerSeries - 1))
                guard labels.showsUnseen || value.count > 0 else { return nil }
                return MetricSeries(row, .histogram(value))
            }
        }
    }

    /// Counts a time. On the shard's thread, if it has one.
    package func record(_ label: Label, _ time: Duration, on shard: MetricsShard) {
        precondition(bounds.decimals == 9, "The histogram is not one of times.")
        record(label, value: time.nanoseconds, on: shard)
    }

    /// Counts a count, at least 0. On the shard's thread, if it has one.
    package func record(_ label: Label, _ count: Int, on shard: MetricsShard) {
        precondition(bounds.decimals == 0, "The histogram is one of times.")
        record(label, value: UInt64(count), on: shard)
    }

    private func record(_ label: Label, value: UInt64, on shard: MetricsShard) {
        // There are few bounds, and most of what is counted is below the first ones.
        let bucket = bounds.values.firstIndex { value <= $0 } ?? bounds.values.count
        let start = label.seriesIndex * cellsPerSeries
        cells.add(1, to: start + bucket, on: shard)
        cells.add(value, to: start + cellsPerSeries - 1, on: shard)
    }
}

extension Histogram where Label == NoLabel {
    /// Declares a family of one series, which must be new to the registry.
    package init(
        _ name: String, _ help: String, unit: MetricUnit? = nil, bounds: HistogramBounds,
        in registry: MetricsRegistry
    ) {
        self.init(name, help, unit: unit, bounds: bounds, by: .none, in: registry)
    }

    /// Counts a time. On the shard's thread, if it has one.
    package func record(_ time: Duration, on shard: MetricsShard) {
        record(NoLabel(), time, on: shard)
    }

    /// Counts a count, at least 0. On the shard's thread, if it has one.
    package func record(_ count: Int, on shard: MetricsShard) {
        record(NoLabel(), count, on: shard)
    }
}
