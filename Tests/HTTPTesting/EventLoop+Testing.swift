import Glibc
import Synchronization

@testable package import Reactor

extension EventLoop {
    /// Holds the loop until other threads have queued `count` jobs, which then run in this turn; on
    /// the loop's thread.
    package func awaitJobs(_ count: Int) {
        while inbox.withLock({ $0.count }) < count { usleep(100) }
    }
}
