/// What a ``NotificationListener`` tells its consumer.
package enum ListenerEvent: Equatable, Sendable {
    /// Why notifications may have been missed.
    package enum Loss: String, Sendable {
        /// The connection ended.
        case connection
        /// A notification to itself was not heard in time.
        case silence
        /// The consumer was too slow.
        case overflow
    }

    /// From now on every notification is told: what is read from the database after this may be
    /// trusted until a notification or a loss says otherwise.
    case listening
    /// Notifications may have been missed, and may go on being missed until ``listening``: the
    /// consumer must distrust what it holds.
    case lost(Loss)
    /// Somebody has sent a notification, and committed.
    case notification(Notification)
}

/// What `NOTIFY` has sent.
package struct Notification: Equatable, Sendable {
    /// The channel's name.
    package let channel: String
    /// At most 7,999 octets; empty if none was given.
    package let payload: String
}
