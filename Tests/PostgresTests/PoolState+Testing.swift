@testable import Postgres

extension PoolState.Action {
    var grantedWaiter: Int? {
        if case .grant(let waiter, _) = self { waiter } else { nil }
    }

    var grantedSlot: Int? {
        if case .grant(_, let lease) = self { lease.slot } else { nil }
    }

    var connectedSlot: Int? {
        if case .connect(let slot) = self { slot } else { nil }
    }
}
