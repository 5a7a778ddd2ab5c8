/// Counts what happens; it never goes down while the process lives.
package struct Counter<Label: MetricLabel>: Sendable {
    private let cells: Cells

    /// Declares the family, which must be new to the registry.
    /// - Parameter name: Ends in `_total`, and before that in its unit if it has one.
    package init(
        _ name: String, _ help: String, unit: MetricUnit? = nil, by labels: MetricLabels<Label>,
        in registry: MetricsRegistry
    ) {
        let cells = registry.cells(count: labels.rowsMax)
        self.cells = cells
        let description = MetricDescription(
            name, help, .counter, unit: unit, labelNames: labels.names)
        registry.declare(description) {
            labels.rows().enumerated().compactMap { index, row in
                let total = cells.total(index)
                guard labels.showsUnseen || total > 0 else { return nil }
                return MetricSeries(
                    row, .number(MetricNumber(Int64(truncatingIfNeeded: total))))
            }
        }
    }

    /// Counts `count` more, at least 0. On the shard's thread, if it has one.
    package func add(_ label: Label, count: Int = 1, on shard: MetricsShard) {
        cells.add(UInt64(count), to: label.seriesIndex, on: shard)
    }
}

extension Counter where Label == NoLabel {
    /// Declares a family of one series, which must be new to the registry.
    package init(
        _ name: String, _ help: String, unit: MetricUnit? = nil, in registry: MetricsRegistry
    ) {
        self.init(name, help, unit: unit, by: .none, in: registry)
    }

    /// Counts `count` more, at least 0. On the shard's thread, if it has one.
    package func add(_ count: Int = 1, on shard: MetricsShard) {
        add(NoLabel(), count: count, on: shard)
    }
}
