import Synchronization
package import Users

/// Remembers what it is told of.
package final class RecordingObserver: AccessObserver, UserEvents {
    /// What it was told of, in order.
    package struct Record: Sendable {
        /// Whose tokens allow something else, perhaps.
        package var users: [UserID] = []
        /// The holders of which roles are concerned so.
        package var roles: [RoleName] = []
        /// What has happened.
        package var events: [UserEvent] = []
    }

    private let state = Mutex(Record())

    /// Makes an observer that knows of nothing.
    package init() {}

    /// What it was told of until now.
    package var record: Record { state.withLock { $0 } }

    /// Forgets everything.
    package func forget() { state.withLock { $0 = Record() } }

    package func accessChanged(of user: UserID) async { state.withLock { $0.users.append(user) } }

    package func accessChanged(ofHoldersOf role: RoleName) async {
        state.withLock { $0.roles.append(role) }
    }

    package func happened(_ event: UserEvent) { state.withLock { $0.events.append(event) } }
}

/// Knows one password, which is everybody's.
package struct FakePasswordVerifier: PasswordVerifier {
    /// The right one.
    package static let password = "seven quiet otters swim"

    /// Makes a verifier.
    package init() {}

    package func isPassword(
        _ candidate: String, of id: UserID
    ) async throws(UserError) -> Bool {
        candidate == Self.password
    }
}
