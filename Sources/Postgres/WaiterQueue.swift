import Ambient

/// Callers who wait for a connection, in the order of asking.
struct WaiterQueue {
    /// One of them.
    struct Waiter {
        let id: Int
        let use: PoolState.Use
        let since: MonotonicTime
    }

    /// Most that have left the front and are still kept, so that leaving costs little for each.
    private static let leftMax = 64

    private var waiters: [Waiter] = []
    /// The position of the first in `waiters`.
    private var front = 0

    var count: Int { waiters.count - front }
    var isEmpty: Bool { front == waiters.count }
    var first: Waiter? { isEmpty ? nil : waiters[front] }

    mutating func append(_ waiter: Waiter) { waiters.append(waiter) }

    /// Takes the first out.
    mutating func popFirst() -> Waiter? {
        guard let first else { return nil }
        front += 1
        if isEmpty {
            waiters.removeAll(keepingCapacity: true)
            front = 0
        } else if front >= Self.leftMax {
            waiters.removeFirst(front)
            front = 0
        }
        return first
    }

    /// Takes the first out if he has waited for so long.
    mutating func popFirst(waitingFor limit: Duration, now: MonotonicTime) -> Waiter? {
        guard let first, first.since + limit <= now else { return nil }
        return popFirst()
    }

    /// Takes one out who does not want to wait any longer.
    mutating func remove(_ id: Int) -> Waiter? {
        guard let position = waiters[front...].firstIndex(where: { $0.id == id }) else {
            return nil
        }
        return waiters.remove(at: position)
    }
}
