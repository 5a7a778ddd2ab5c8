import Synchronization

/// Something that happens, once or more, and that tasks wait for.
package final class Occurrences: Sendable {
    private struct State {
        var count = 0
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

        mutating func takeWaiters(upTo count: Int) -> [CheckedContinuation<Void, Never>] {
            let due = waiters.filter { $0.count <= count }
            waiters.removeAll { $0.count <= count }
            return due.map(\.continuation)
        }
    }

    private let state = Mutex(State())

    /// It has not happened yet.
    package init() {}

    /// How often it has happened.
    package var count: Int { state.withLock { $0.count } }

    /// It has happened once more.
    package func happened() {
        let due = state.withLock { state in
            state.count += 1
            return state.takeWaiters(upTo: state.count)
        }
        for waiter in due { waiter.resume() }
    }

    /// Waits until it has happened `count` times, or until one of those who wait is cancelled, as
    /// a test is whose time is up.
    package func wait(for count: Int = 1) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A task that is cancelled by now has been told already, and nobody would wake it.
                let isDue = state.withLock { state in
                    let isDue = state.count >= count || Task.isCancelled
                    if !isDue { state.waiters.append((count, continuation)) }
                    return isDue
                }
                if isDue { continuation.resume() }
            }
        } onCancel: {
            for waiter in state.withLock({ $0.takeWaiters(upTo: .max) }) { waiter.resume() }
        }
    }
}

/// Looks again and again whether `condition` holds; gives up after half a minute.
package func eventually(_ condition: () async -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < deadline {
        if await condition() { return true }
        await Task.yield()
    }
    return false
}
