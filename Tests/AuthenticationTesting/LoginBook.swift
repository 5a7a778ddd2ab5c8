package import Authentication
package import Ambient

/// How logins have gone, by the rules of ``LoginThrottle`` in the plainest form: what every
/// repository has to agree with.
package struct LoginBook: Sendable {
    /// What is known of an address, or of an address and a network of its user's.
    package struct Budget: Hashable, Sendable {
        /// Failures that count.
        package var failureCount: Int64 = 0
        /// Until when nobody may try.
        package var blockedUntil: Timestamp
        /// Until when failures count.
        package var countedUntil: Timestamp
    }

    private static let longAgo = Timestamp(microsecondsSince1970: 0)

    private struct Network: Hashable {
        let address: [UInt8]
        let network: [UInt8]
    }

    /// The budgets of addresses, for everybody who has none of his own.
    private var common: [[UInt8]: Budget] = [:]
    /// The budgets of networks that have logged in, and until when they have them.
    private var own: [Network: (budget: Budget, end: Timestamp)] = [:]

    /// Makes an empty book.
    package init() {}

    /// Counts an attempt as failed, unless its budget is blocked.
    package mutating func admit(
        _ attempt: LoginAttempt, by throttle: LoginThrottle
    ) -> LoginAdmission {
        let network = Network(address: attempt.address, network: attempt.network)
        let isOwn = own[network].map { attempt.time < $0.end } ?? false
        let none = Budget(blockedUntil: Self.longAgo, countedUntil: attempt.time)
        var budget = (isOwn ? own[network]?.budget : common[attempt.address]) ?? none
        let isAdmitted = budget.blockedUntil <= attempt.time
        if isAdmitted {
            if budget.countedUntil <= attempt.time { budget.failureCount = 0 }
            budget.failureCount += 1
            let wait = throttle.wait(after: budget.failureCount)
            let end = attempt.time.advanced(bySeconds: wait)
            // Where nobody has to wait, not even one who began earlier has to.
            budget.blockedUntil = wait > 0 ? end : Self.longAgo
            budget.countedUntil = end.advanced(bySeconds: throttle.windowSeconds)
            if isOwn { own[network]?.budget = budget } else { common[attempt.address] = budget }
        }
        return LoginAdmission(
            isOwnNetwork: isOwn, failureCount: budget.failureCount,
            blockedUntil: budget.blockedUntil, countedUntil: budget.countedUntil,
            isAdmitted: isAdmitted)
    }

    /// Takes an attempt back.
    package mutating func withdraw(_ attempt: LoginAttempt, _ admission: LoginAdmission) {
        let network = Network(address: attempt.address, network: attempt.network)
        func takeBack(_ budget: inout Budget) {
            guard budget.failureCount > 0 else { return }
            budget.failureCount -= 1
            // What a later failure has brought stays.
            guard budget.countedUntil == admission.countedUntil else { return }
            budget.blockedUntil = Self.longAgo
        }
        if admission.isOwnNetwork {
            if var known = own[network] {
                takeBack(&known.budget)
                own[network] = known
            }
        } else if var budget = common[attempt.address] {
            takeBack(&budget)
            common[attempt.address] = budget
        }
    }

    /// An attempt has been a login: its failures are forgotten, and its network is the user's own.
    package mutating func succeed(_ attempt: LoginAttempt, _ admission: LoginAdmission) {
        let network = Network(address: attempt.address, network: attempt.network)
        if !admission.isOwnNetwork { common[attempt.address] = nil }
        own[network] = (
            Budget(blockedUntil: Self.longAgo, countedUntil: attempt.time),
            attempt.time.advanced(bySeconds: LoginThrottle.networkSeconds)
        )
    }

    /// Forgets the failures with an address.
    package mutating func forgetFailures(ofAddress code: [UInt8]) {
        common[code] = nil
        for network in own.keys where network.address == code {
            own[network]?.budget = Budget(blockedUntil: Self.longAgo, countedUntil: Self.longAgo)
        }
    }

    /// The failures that are counted of an address for everybody who has no budget of his own.
    package func failureCount(ofAddress code: [UInt8]) -> Int64 {
        common[code]?.failureCount ?? 0
    }
}
