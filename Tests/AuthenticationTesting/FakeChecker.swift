package import Authentication
import Synchronization
package import Users

/// Takes `hash of X` and `old hash of X` for hashes of X, the second for an outdated one, and
/// counts how often it is asked.
package final class FakeChecker: PasswordChecker {
    /// What it was asked, and what a test wants to happen.
    package struct State: Sendable {
        /// The hashes that something was compared with, in order.
        package var checks: [String?] = []
        /// How often something was hashed.
        package var hashCount = 0
        /// What everything fails with; nil for nothing.
        package var error: UserError?
        /// What happens before each check is answered.
        package var beforeAnswer: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Makes a checker.
    package init() {}

    /// Looks at what it was asked, or changes what happens.
    package func inspect<Value: Sendable>(_ look: (inout sending State) -> Value) -> Value {
        state.withLock { look(&$0) }
    }

    /// What it was asked until now.
    package var record: State { state.withLock { $0 } }

    package func check(
        _ candidate: PasswordCandidate, against hash: String?, of user: UserID?
    ) async throws(UserError) -> PasswordVerdict {
        let (error, before) = state.withLock { state in
            state.checks.append(hash)
            return (state.error, state.beforeAnswer)
        }
        before?()
        if let error { throw error }
        switch hash {
        case "hash of \(candidate.normalised)"?: return .right
        case "old hash of \(candidate.normalised)"?: return .rightButOutdated
        default: return .wrong
        }
    }

    package func hash(_ candidate: PasswordCandidate) async throws(UserError) -> String {
        if let error = state.withLock({ state in
            state.hashCount += 1
            return state.error
        }) {
            throw error
        }
        return "hash of \(candidate.normalised)"
    }
}
