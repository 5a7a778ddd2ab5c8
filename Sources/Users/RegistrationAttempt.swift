package import Ambient

/// A try at making a user that its client may repeat without making another one.
package struct RegistrationAttempt: Hashable, Sendable {
    /// Who tries, and what they call it: octets that are others for everybody else, and from which
    /// neither can be told.
    package let name: [UInt8]
    /// What is asked for: octets that are others for anything else, and from which it cannot be
    /// told.
    package let content: [UInt8]

    /// Makes an attempt of its parts.
    package init(name: [UInt8], content: [UInt8]) {
        self.name = name
        self.content = content
    }

    /// An attempt that was made before, as it is remembered.
    package struct Known: Hashable, Sendable {
        /// What was asked for.
        package let content: [UInt8]
        /// The user as made, whatever has become of it since; nil while the attempt goes on.
        package let user: User?

        /// Makes a memory of its parts.
        package init(content: [UInt8], user: User?) {
            self.content = content
            self.user = user
        }
    }

    /// The right to make the user of an attempt, which one at a time holds.
    package struct Reservation: Hashable, Sendable {
        /// For how long it is held at most, in microseconds: far longer than an attempt takes, so
        /// that it only runs out when the process has died that held it.
        package static let microseconds: Int64 = 60_000_000
        /// For how long the user is remembered, in microseconds: a day.
        package static let memoryMicroseconds: Int64 = 86_400_000_000

        /// What is attempted.
        package let attempt: RegistrationAttempt
        /// When it begins.
        package let start: Timestamp

        /// Makes a reservation that begins at `start`.
        package init(of attempt: RegistrationAttempt, at start: Timestamp) {
            self.attempt = attempt
            self.start = start
        }

        /// When it runs out. It tells reservations of one attempt apart, since the next one begins
        /// when this is over.
        package var end: Timestamp {
            Timestamp(
                microsecondsSince1970: start.microsecondsSince1970 + Self.microseconds)
        }

        /// Until when the user that was made is remembered.
        package var memoryEnd: Timestamp {
            Timestamp(
                microsecondsSince1970: start.microsecondsSince1970 + Self.memoryMicroseconds)
        }
    }
}

/// A user who was made, now or by an earlier attempt.
package struct Registration: Hashable, Sendable {
    /// The user as made.
    package let user: User
    /// Whether an earlier attempt has made it.
    package let isRepeated: Bool
}
