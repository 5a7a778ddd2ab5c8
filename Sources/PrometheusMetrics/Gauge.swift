/// Says how much there is of something now: the sum of what every shard says.
///
/// What is known to somebody anyway is better collected, see ``MetricsRegistry/collect(_:)``.
package struct Gauge<Label: MetricLabel>: Sendable {
    private let cells: Cells

    /// Declares the family, which must be new to the registry.
    /// - Parameter name: Ends in its unit if it has one.
    package init(
        _ name: String, _ help: String, unit: MetricUnit? = nil, by labels: MetricLabels<Label>,
        in registry: MetricsRegistry
    ) {
        let cells = registry.cells(count: labels.rowsMax)
        self.cells = cells
        let description = MetricDescription(
            name, help, .gauge, unit: unit, labelNames: labels.names)
        registry.declare(description) {
            labels.rows().enumerated().compactMap { index, row in
                let total = Int64(bitPattern: cells.total(index))
                guard labels.showsUnseen || total != 0 else { return nil }
                return MetricSeries(row, .number(MetricNumber(total)))
            }
        }
    }

    /// Adds an amount, which may be negative and may have been added on another shard. On the
    /// shard's thread, if it has one.
    package func add(_ label: Label, _ amount: Int, on shard: MetricsShard) {
        cells.add(UInt64(bitPattern: Int64(amount)), to: label.seriesIndex, on: shard)
    }

    /// Says what the shard's part is from now on. On the shard's thread, if it has one.
    package func set(_ label: Label, to value: Int, on shard: MetricsShard) {
        cells.set(UInt64(bitPattern: Int64(value)), at: label.seriesIndex, on: shard)
    }
}

extension Gauge where Label == NoLabel {
    /// Declares a family of one series, which must be new to the registry.
    package init(
        _ name: String, _ help: String, unit: MetricUnit? = nil, in registry: MetricsRegistry
    ) {
        self.init(name, help, unit: unit, by: .none, in: registry)
    }

    /// Adds an amount, which may be negative and may have been added on another shard. On the
    /// shard's thread, if it has one.
    package func add(_ amount: Int, on shard: MetricsShard) { add(NoLabel(), amount, on: shard) }

    /// Says what the shard's part is from now on. On the shard's thread, if it has one.
    package func set(to value: Int, on shard: MetricsShard) { set(NoLabel(), to: value, on: shard) }
}
