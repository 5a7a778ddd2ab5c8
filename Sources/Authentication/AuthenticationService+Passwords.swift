import Ambient
package import Users

extension AuthenticationService {
    /// Gives a user another password and ends the user's other sessions.
    /// - Parameters:
    ///   - current: The password as it was; who sets his own has to know it, unless he may set
    ///     everybody's.
    ///   - session: The session that goes on; nil for none.
    ///   - hasher: Hashes the new password.
    ///   - network: Octets of the network that the client is in.
    ///   - tell: Is told how the budget of the user's address stands if the current password is
    ///     asked for, before the outcome is known.
    /// - Throws: ``UserError/wrongCurrentPassword``, ``UserError/throttled(retryAfterSeconds:)``,
    ///   ``UserError/notFound``, ``UserError/invalid(_:)`` and ``UserError/outranked``, as
    ///   ``AuthenticationError/failed(_:)``.
    package func setPassword(
        of user: UserID, to password: Password, current: PasswordCandidate?,
        keeping session: SessionID?, hasher: some PasswordHasher, network: [UInt8],
        as caller: Caller, tell: (LoginBudget) -> Void
    ) async throws(AuthenticationError) {
        let isOwn = caller.id == user
        let account = try await failing { () throws(UserError) in
            try await requireAccount(user)
        }
        let needsCurrent = isOwn && !caller.may(.write(.password)) || current != nil
        if needsCurrent { try await require(current, of: account, network: network, tell: tell) }
        let limit = caller.limit(with: user)
        let ended = try await failing { () throws(UserError) in
            do throws(InvalidValue) {
                try password.check(email: account.email, displayName: account.displayName)
            } catch {
                throw .invalid([UserFault(.password, error)])
            }
            return try await repository.setPassword(
                hash: try await hasher.hash(password), of: user, keeping: session,
                ifHoldingOnly: limit, replacing: needsCurrent ? account.passwordHash : nil,
                at: clock.now())
        }
        // The user was there a moment ago: either he holds what the caller lacks, or the password
        // that was the current one is so no more.
        guard let ended else { throw .failed(limit == nil ? .wrongCurrentPassword : .outranked) }
        events.counted(.sessionsEnded(ended, .passwordChanged))
        await access.accessChanged(of: user)
        events.happened(.passwordChanged(user))
    }

    private func require(
        _ candidate: PasswordCandidate?, of account: Account, network: [UInt8],
        tell: (LoginBudget) -> Void
    ) async throws(AuthenticationError) {
        guard let candidate else {
            let missing = InvalidValue(.required, "The current password is required.")
            throw .failed(.invalid([UserFault(pointer: "/current_password", missing)]))
        }
        guard try await isPassword(candidate, of: account, network: network, tell: tell) else {
            throw .failed(.wrongCurrentPassword)
        }
    }

    /// Whether a candidate is a user's password; guessing is counted as at a login.
    private func isPassword(
        _ candidate: PasswordCandidate, of account: Account, network: [UInt8],
        tell: (LoginBudget) -> Void
    ) async throws(AuthenticationError) -> Bool {
        let attempt = try await failing { () throws(UserError) in
            try await self.attempt(with: account.email, network: network, at: clock.now())
        }
        let admission = try await admit(attempt, tell: tell)
        let verdict = try await withdrawingIfFailing(attempt, admission) {
            () throws(UserError) in try await self.verdict(on: candidate, of: account)
        }
        guard verdict != .wrong else {
            events.happened(.currentPasswordWrong(account.id))
            return false
        }
        await withdraw(attempt, admission)
        return true
    }

    /// Forgets the failed logins of a user, so that nobody has to wait.
    /// - Throws: ``UserError/notFound`` as ``AuthenticationError/failed(_:)``.
    package func clearLockout(of user: UserID) async throws(AuthenticationError) {
        try await failing { () throws(UserError) in
            let account = try await requireAccount(user)
            try await repository.forgetFailures(
                ofAddress: try await mint.code(of: Self.octets(of: account.email)))
        }
        events.happened(.lockoutCleared(user))
    }
}

extension AuthenticationService: PasswordVerifier {
    /// Whether this is the password of the user; guessing is counted as at a login.
    package func isPassword(_ candidate: String, of id: UserID) async throws(UserError) -> Bool {
        let account = try await requireAccount(id)
        do throws(AuthenticationError) {
            return try await isPassword(
                PasswordCandidate(candidate), of: account, network: [], tell: { _ in })
        } catch {
            switch error {
            case .failed(let error): throw error
            case .invalidCredentials, .accountDisabled, .invalidRefreshToken,
                .refreshTokenReused, .sessionNotFound:
                return false
            }
        }
    }
}
