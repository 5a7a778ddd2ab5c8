import Synchronization

/// Whether the process is about to stop; shared by all loops.
package final class ServingState: Sendable {
    private let draining = Atomic<Bool>(false)

    /// Makes the state of a process that serves.
    package init() {}

    /// Whether load balancers should stop sending requests here.
    package var isDraining: Bool { draining.load(ordering: .relaxed) }

    /// The process will stop: probes are to notice from now on.
    package func drainBegan() { draining.store(true, ordering: .relaxed) }
}
