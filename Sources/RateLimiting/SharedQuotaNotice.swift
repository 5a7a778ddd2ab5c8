import HTTP
import HTTPTypes
import Synchronization

/// Tells, once, that clients behind a proxy share one quota, which is therefore not enforced.
package final class SharedQuotaNotice: Sendable {
    private let isGiven = Atomic(false)
    private let report: @Sendable () -> Void

    /// Makes a notice; limiters that share it tell once between them.
    /// - Parameter report: Called once at most, on the thread of the request that is the first.
    package init(_ report: @escaping @Sendable () -> Void) {
        self.report = report
    }

    /// It has been seen to happen.
    func give() {
        // The load keeps the common case from writing to a line that all loops read.
        guard !isGiven.load(ordering: .relaxed), !isGiven.exchange(true, ordering: .relaxed) else {
            return
        }
        report()
    }
}

extension Request {
    /// Whether it seems to come through a proxy that is not known as one: the other end has a
    /// private address and forwards for somebody. All clients of the proxy have its address then.
    var isForwardedByStranger: Bool {
        client.isPrivate
            && (head.fields.contains(.xForwardedFor) || head.fields.contains(.forwarded))
    }
}
