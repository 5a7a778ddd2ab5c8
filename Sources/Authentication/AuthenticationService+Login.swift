import Ambient
package import Users

/// What a login tells of its budget: what is left of it, whoever asks.
package struct LoginBudget: Hashable, Sendable {
    /// Failures that need no waiting.
    package let quota: Int64
    /// Seconds for which failures count.
    package let windowSeconds: Int64
    /// Failures that are left before somebody has to wait.
    package let remaining: Int64
    /// Seconds until all are left again, if nobody fails meanwhile.
    package let resetSeconds: Int64
}

extension AuthenticationService {
    /// Logs a user in.
    /// - Parameters:
    ///   - network: Octets of the network that the client is in.
    ///   - tell: Is told how the budget of the address stands, before the outcome is known.
    /// - Throws: ``AuthenticationError/invalidCredentials``,
    ///   ``AuthenticationError/accountDisabled``, and as ``AuthenticationError/failed(_:)``
    ///   ``UserError/throttled(retryAfterSeconds:)``.
    package func logIn(
        _ email: EmailAddress, _ candidate: PasswordCandidate, from client: ClientDetails,
        network: [UInt8], tell: (LoginBudget) -> Void
    ) async throws(AuthenticationError) -> IssuedTokens {
        do throws(AuthenticationError) {
            let tokens = try await tokens(
                of: email, candidate, from: client, network: network, tell: tell)
            events.counted(.login(.succeeded))
            return tokens
        } catch {
            events.counted(.login(LoginOutcome(error)))
            throw error
        }
    }

    private func tokens(
        of email: EmailAddress, _ candidate: PasswordCandidate, from client: ClientDetails,
        network: [UInt8], tell: (LoginBudget) -> Void
    ) async throws(AuthenticationError) -> IssuedTokens {
        let now = clock.now()
        let attempt = try await failing { () throws(UserError) in
            try await self.attempt(with: email, network: network, at: now)
        }
        let admission = try await admit(attempt, tell: tell)
        var account = try await verified(email, candidate, after: attempt, admission)
        let session = Session(
            id: SessionID(ids.next()), createdAt: now, refreshedAt: now,
            expiresAt: now.advanced(bySeconds: SessionLifetimes.idle), client: client)
        var tokens = try await begin(session, of: account.account, after: attempt, admission)
        if tokens == nil {
            // The password has another hash by now: it was changed, or another login has made the
            // hash anew.
            account = try await verified(email, candidate, after: attempt, admission)
            tokens = try await begin(session, of: account.account, after: attempt, admission)
        }
        guard let tokens else { throw .invalidCredentials }
        events.happened(.loggedIn(account.account.id, session.id))
        if account.isOutdated { await rehash(account.account, candidate) }
        return tokens
    }

    /// Begins a session; nil if the account is not what it was.
    private func begin(
        _ session: Session, of account: Account, after attempt: LoginAttempt,
        _ admission: LoginAdmission?
    ) async throws(AuthenticationError) -> IssuedTokens? {
        try await withdrawingIfFailing(attempt, admission) { () throws(UserError) in
            let grant = try await repository.begin(session, of: account, after: attempt, admission)
            guard let grant else { return nil }
            events.counted(.sessionBegan)
            return try await tokens(for: grant, at: session.createdAt)
        }
    }

    /// An attempt with an address, as it is counted.
    func attempt(
        with email: EmailAddress, network: [UInt8], at time: Timestamp
    ) async throws(UserError) -> LoginAttempt {
        let address = try await mint.code(of: Self.octets(of: email))
        return LoginAttempt(
            address: address, network: try await mint.code(of: address + network), time: time)
    }

    /// What the code of an address is made of.
    static func octets(of email: EmailAddress) -> [UInt8] { Array(email.key.utf8) }

    /// Lets an attempt through, or not.
    func admit(
        _ attempt: LoginAttempt, tell: (LoginBudget) -> Void
    ) async throws(AuthenticationError) -> LoginAdmission? {
        guard let throttle = settings.throttle else { return nil }
        let admission = try await failing { () throws(UserError) in
            try await repository.admit(attempt, by: throttle)
        }
        tell(throttle.budget(after: admission, at: attempt.time))
        guard admission.isAdmitted else {
            events.happened(.loginThrottled)
            let wait = attempt.time.secondsUntil(admission.blockedUntil)
            throw .failed(.throttled(retryAfterSeconds: max(1, wait)))
        }
        return admission
    }

    /// The account whose password the candidate is, and whether the hash of it is outdated.
    private func verified(
        _ email: EmailAddress, _ candidate: PasswordCandidate, after attempt: LoginAttempt,
        _ admission: LoginAdmission?
    ) async throws(AuthenticationError) -> (account: Account, isOutdated: Bool) {
        let (account, verdict) = try await withdrawingIfFailing(attempt, admission) {
            () async throws(UserError) -> (Account?, PasswordVerdict) in
            let account = try await repository.account(withEmail: email)
            return (account, try await self.verdict(on: candidate, of: account))
        }
        guard let account, verdict != .wrong else {
            events.happened(.loginFailed(account?.id))
            throw .invalidCredentials
        }
        guard account.status == .active else {
            events.happened(.loginRefused(account.id))
            await withdraw(attempt, admission)
            throw .accountDisabled
        }
        return (account, verdict == .rightButOutdated)
    }

    /// Whether a candidate is somebody's password, after one check whatever comes of it. One that
    /// is empty is nobody's, even if somebody else's system has made a hash of it.
    func verdict(
        on candidate: PasswordCandidate, of account: Account?
    ) async throws(UserError) -> PasswordVerdict {
        try await passwords.check(
            candidate, against: candidate.typed.isEmpty ? nil : account?.passwordHash,
            of: account?.id)
    }

    /// Runs what an attempt waits for. If that fails, the attempt has shown nothing about the
    /// password, and is taken back.
    func withdrawingIfFailing<Value>(
        _ attempt: LoginAttempt, _ admission: LoginAdmission?,
        _ body: () async throws(UserError) -> Value
    ) async throws(AuthenticationError) -> Value {
        do throws(UserError) {
            return try await body()
        } catch {
            await withdraw(attempt, admission)
            throw .failed(error)
        }
    }

    /// Takes back an attempt that has shown nothing about the password. If that fails, it counts.
    func withdraw(_ attempt: LoginAttempt, _ admission: LoginAdmission?) async {
        guard let admission else { return }
        do { try await repository.withdraw(attempt, admission) } catch {}
    }

    /// Hashes a password anew. If that fails, the next login tries again.
    private func rehash(_ account: Account, _ candidate: PasswordCandidate) async {
        guard let old = account.passwordHash else { return }
        do {
            let new = try await passwords.hash(candidate)
            try await repository.replaceHash(of: account.id, old, with: new)
        } catch {}
    }
}

extension LoginThrottle {
    /// How a budget stands.
    fileprivate func budget(after admission: LoginAdmission, at time: Timestamp) -> LoginBudget {
        LoginBudget(
            quota: failureCountMax, windowSeconds: windowSeconds,
            remaining: max(0, failureCountMax - admission.failureCount),
            resetSeconds: max(0, time.secondsUntil(admission.countedUntil)))
    }
}

extension Timestamp {
    /// Whole seconds until a time, rounded down: what is counted from the second that this is in
    /// ends no later than that. None if it is past.
    func wholeSeconds(until end: Timestamp) -> Int64 {
        max(0, (end.microsecondsSince1970 - microsecondsSince1970) / 1_000_000)
    }

    /// Whole seconds until a later time, rounded up.
    func secondsUntil(_ end: Timestamp) -> Int64 {
        (end.microsecondsSince1970 - microsecondsSince1970 + 999_999) / 1_000_000
    }
}
