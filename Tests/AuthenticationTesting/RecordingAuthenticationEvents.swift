package import Authentication
import Synchronization

/// Remembers what has happened.
package final class RecordingAuthenticationEvents: AuthenticationEvents {
    private let state = Mutex<[AuthenticationEvent]>([])

    /// Nothing has happened yet.
    package init() {}

    /// What has happened, in order.
    package var events: [AuthenticationEvent] { state.withLock { $0 } }

    package func happened(_ event: AuthenticationEvent) { state.withLock { $0.append(event) } }
}
