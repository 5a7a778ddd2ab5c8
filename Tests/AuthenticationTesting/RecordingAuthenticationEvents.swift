package import Authentication
import Synchronization

/// Remembers what has happened.
package final class RecordingAuthenticationEvents: AuthenticationEvents {
    private let state = Mutex<[AuthenticationEvent]>([])
    private let tallyState = Mutex<[AuthenticationTally]>([])

    /// Nothing has happened yet.
    package init() {}

    /// What has happened, in order.
    package var events: [AuthenticationEvent] { state.withLock { $0 } }

    /// What was to be counted, in order.
    package var tallies: [AuthenticationTally] { tallyState.withLock { $0 } }

    package func happened(_ event: AuthenticationEvent) { state.withLock { $0.append(event) } }

    package func counted(_ tally: AuthenticationTally) {
        tallyState.withLock { $0.append(tally) }
    }
}
