package import Ambient

/// Somebody's try to log in, as it is counted.
package struct LoginAttempt: Hashable, Sendable {
    /// A code of the address that was typed.
    package let address: [UInt8]
    /// A code of that address and of the network that the attempt comes from.
    package let network: [UInt8]
    /// When it is made.
    package let time: Timestamp

    /// Makes an attempt of its parts.
    package init(address: [UInt8], network: [UInt8], time: Timestamp) {
        self.address = address
        self.network = network
        self.time = time
    }
}

/// Whether an attempt may be made, and how its budget stands then.
package struct LoginAdmission: Hashable, Sendable {
    /// Whether it counts for its network alone, which has logged in with the address before.
    package let isOwnNetwork: Bool
    /// Failures that count, this attempt among them if it was admitted.
    package let failureCount: Int64
    /// Until when nobody else may try with this budget.
    package let blockedUntil: Timestamp
    /// Until when failures count.
    package let countedUntil: Timestamp
    /// Whether the attempt may be made. It counts as failed until it has succeeded, so that many at
    /// once are no more than one after the other.
    package let isAdmitted: Bool

    /// Makes an admission of its parts.
    package init(
        isOwnNetwork: Bool, failureCount: Int64, blockedUntil: Timestamp,
        countedUntil: Timestamp, isAdmitted: Bool
    ) {
        self.isOwnNetwork = isOwnNetwork
        self.failureCount = failureCount
        self.blockedUntil = blockedUntil
        self.countedUntil = countedUntil
        self.isAdmitted = isAdmitted
    }
}

/// How failed logins are slowed down: a number of failures is free, then the next has to wait,
/// twice as long each time.
package struct LoginThrottle: Hashable, Sendable {
    /// The waits in seconds: each failure beyond those that need none brings the next one, and
    /// after the last of them the last again.
    package static let waits: [Int64] = [30, 60, 120, 240, 480, 900]
    /// For how many seconds a network counts as the user's own after a login: 30 days.
    package static let networkSeconds: Int64 = 30 * 86_400

    /// Failures that need no waiting, at least 1.
    package let failureCountMax: Int64
    /// Seconds without a failure after which those before are forgotten, at least 1.
    package let windowSeconds: Int64

    /// Makes a throttle.
    package init(failureCountMax: Int64 = 5, windowSeconds: Int64 = 300) {
        precondition(
            failureCountMax >= 1 && windowSeconds >= 1, "A throttle lets somebody through.")
        self.failureCountMax = failureCountMax
        self.windowSeconds = windowSeconds
    }

    /// How many seconds whoever tries next has to wait after so many failures.
    package func wait(after failureCount: Int64) -> Int64 {
        guard failureCount >= failureCountMax else { return 0 }
        return Self.waits[Int(min(failureCount - failureCountMax, Int64(Self.waits.count - 1)))]
    }
}

extension Timestamp {
    /// The time so many seconds later.
    package func advanced(bySeconds seconds: Int64) -> Timestamp {
        Timestamp(microsecondsSince1970: microsecondsSince1970 + seconds * 1_000_000)
    }
}
