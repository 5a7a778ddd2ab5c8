import Ambient
package import Users

extension AuthenticationService {
    /// Gives new tokens for a refresh token. The one before the current one gets the current one
    /// again for a while (``SessionLifetimes/grace``).
    /// - Throws: ``AuthenticationError/invalidRefreshToken``,
    ///   ``AuthenticationError/refreshTokenReused``.
    package func refresh(_ token: String) async throws(AuthenticationError) -> IssuedTokens {
        do throws(AuthenticationError) {
            let tokens = try await refreshed(token)
            events.counted(.refresh(.succeeded))
            return tokens
        } catch {
            events.counted(.refresh(RefreshOutcome(error)))
            throw error
        }
    }

    private func refreshed(_ token: String) async throws(AuthenticationError) -> IssuedTokens {
        let now = clock.now()
        guard let ticket = try await ticket(of: token) else { throw .invalidRefreshToken }
        let found = try await failing { () throws(UserError) in
            try await repository.refresh(ticket, at: now)
        }
        guard let session = found else { throw .invalidRefreshToken }
        guard session.isAnswered(for: ticket, at: now) else {
            try await endReused(session.grant)
            throw .refreshTokenReused
        }
        return try await failing { () throws(UserError) in
            try await tokens(for: session.grant, at: now)
        }
    }

    /// Ends the session of a refresh token; one that is none of ours is ignored.
    package func logOut(_ token: String) async throws(AuthenticationError) {
        guard let ticket = try await ticket(of: token) else { return }
        try await logOut(ticket.session)
    }

    /// Ends a session, if there is one.
    package func logOut(_ session: SessionID) async throws(AuthenticationError) {
        let user = try await failing { () throws(UserError) in
            try await repository.end(session, of: nil, at: clock.now())
        }
        if let user { await ended(1, of: user, .loggedOut) }
    }

    /// The sessions of a user, the latest first.
    /// - Throws: ``UserError/notFound`` as ``AuthenticationError/failed(_:)``.
    package func sessions(of user: UserID) async throws(AuthenticationError) -> [Session] {
        try await failing { () throws(UserError) in
            _ = try await requireAccount(user)
            return try await repository.sessions(of: user, at: clock.now())
        }
    }

    /// Ends a session of a user.
    /// - Throws: ``AuthenticationError/sessionNotFound``, and ``UserError/notFound`` as
    ///   ``AuthenticationError/failed(_:)``.
    package func end(
        _ session: SessionID, of user: UserID
    ) async throws(AuthenticationError) {
        let owner = try await failing { () throws(UserError) in
            _ = try await requireAccount(user)
            return try await repository.end(session, of: user, at: clock.now())
        }
        guard owner != nil else { throw .sessionNotFound }
        await ended(1, of: user, .revoked)
    }

    /// Ends all sessions of a user, or all but one.
    /// - Throws: ``UserError/notFound`` as ``AuthenticationError/failed(_:)``.
    package func endSessions(
        of user: UserID, but session: SessionID?
    ) async throws(AuthenticationError) {
        let count = try await failing { () throws(UserError) in
            _ = try await requireAccount(user)
            return try await repository.endSessions(of: user, but: session, at: clock.now())
        }
        await ended(count, of: user, .revoked)
    }

    func requireAccount(_ id: UserID) async throws(UserError) -> Account {
        guard let account = try await repository.account(withID: id) else { throw .notFound }
        return account
    }

    private func ended(_ count: Int, of user: UserID, _ ending: SessionEnding) async {
        events.counted(.sessionsEnded(count, ending))
        await access.accessChanged(of: user)
        events.happened(.sessionsEnded(user))
    }

    private func ticket(of token: String) async throws(AuthenticationError) -> RefreshTicket? {
        try await failing { () throws(UserError) in try await mint.ticket(of: token) }
    }

    private func endReused(_ grant: SessionGrant) async throws(AuthenticationError) {
        let user = try await failing { () throws(UserError) in
            try await repository.end(grant.session, of: nil, at: clock.now())
        }
        if user != nil { events.counted(.sessionsEnded(1, .tokenReused)) }
        await access.accessChanged(of: grant.user)
        events.happened(.refreshTokenReused(grant.user, grant.session))
    }
}

extension RefreshedSession {
    /// Whether a ticket gets the current token: it was the current one until now, or was so just
    /// before.
    fileprivate func isAnswered(for ticket: RefreshTicket, at time: Timestamp) -> Bool {
        if isAdvanced { return true }
        return ticket.counter == grant.counter - 1
            && time < refreshedAt.advanced(bySeconds: SessionLifetimes.grace)
    }
}
