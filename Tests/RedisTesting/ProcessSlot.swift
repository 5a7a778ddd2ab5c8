import Glibc
import Synchronization

/// The process that runs now.
final class ProcessSlot: Sendable {
    private let process: Atomic<pid_t>

    init(_ process: pid_t) { self.process = Atomic(process) }

    var value: pid_t { process.load(ordering: .acquiring) }

    func set(_ process: pid_t) { self.process.store(process, ordering: .releasing) }
}
