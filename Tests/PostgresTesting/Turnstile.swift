import Synchronization

/// Lets a few tasks at a time through, in the order in which they came.
///
/// Each test with a database of its own may use a dozen connections, of which a server has a
/// hundred; the runner would start all tests at once.
final class Turnstile: Sendable {
    private struct State {
        var freeCount: Int
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    /// Makes a turnstile for `count` tasks.
    init(count: Int) { state = Mutex(State(freeCount: count)) }

    /// Runs `body` when it is its turn. Not to be nested: the inner one could wait for the outer.
    func pass<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.freeCount > 0 else {
                    state.waiters.append(continuation)
                    return false
                }
                state.freeCount -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.waiters.isEmpty else { return state.waiters.removeFirst() }
            state.freeCount += 1
            return nil
        }
        next?.resume()
    }
}
