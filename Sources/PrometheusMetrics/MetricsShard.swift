/// One of the copies of every number that a registry keeps, so that threads which count do not
/// meet. The copies are summed when somebody asks.
package struct MetricsShard: Sendable {
    let index: Int

    /// Whether several threads count here; otherwise it is one, and an addition needs no more than
    /// a load and a store.
    var isShared: Bool { index == 0 }
}
