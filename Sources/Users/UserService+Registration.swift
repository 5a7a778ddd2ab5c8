import Ambient

extension UserService {
    /// Makes a user and returns it as stored.
    /// - Throws: ``UserError/invalid(_:)`` for a password that is missing or gives itself away,
    ///   ``UserError/emailTaken``, ``UserError/externalIDTaken``, ``UserError/idTaken``,
    ///   ``UserError/unknownRole``, ``UserError/outranked`` by a role.
    package func register(_ draft: UserDraft, as caller: Caller) async throws(UserError) -> User {
        try check(draft, as: caller)
        let (user, hash) = try await prepare(draft)
        let stored = try await repository.insert(
            user, passwordHash: hash, within: grantLimit(of: draft, as: caller))
        events.happened(.userRegistered(stored.id))
        return stored
    }

    /// Makes a user, unless this attempt has made it already; then it returns that one, and hashes
    /// no password for it.
    /// - Throws: ``UserError/attemptRunning``, ``UserError/attemptDiffers``, and as
    ///   ``register(_:as:)`` does.
    package func register(
        _ draft: UserDraft, once attempt: RegistrationAttempt, as caller: Caller
    ) async throws(UserError) -> Registration {
        try check(draft, as: caller)
        let reservation = RegistrationAttempt.Reservation(of: attempt, at: clock.now())
        if let known = try await repository.reserve(reservation) {
            guard known.content == attempt.content else { throw .attemptDiffers }
            guard let user = known.user else { throw .attemptRunning }
            return Registration(user: user, isRepeated: true)
        }
        do throws(UserError) {
            let (user, hash) = try await prepare(draft)
            let stored = try await repository.insert(
                user, passwordHash: hash, within: grantLimit(of: draft, as: caller),
                completing: reservation)
            // If it took so long that the reservation ran out, somebody else goes on.
            guard let stored else { throw UserError.attemptRunning }
            events.happened(.userRegistered(stored.id))
            return Registration(user: stored, isRepeated: false)
        } catch {
            if error.endsAttempt { await release(reservation) }
            throw error
        }
    }

    /// Lets the client try again at once. If that fails, it can when the reservation has run out.
    private func release(_ reservation: RegistrationAttempt.Reservation) async {
        do { try await repository.release(reservation) } catch {}
    }

    private func check(_ draft: UserDraft, as caller: Caller) throws(UserError) {
        try caller.require(.register)
        for member in draft.unusualMembers { try caller.require(.write(member)) }
        try checkPassword(of: draft, as: caller)
    }

    /// What the roles of a new user may allow at most. Those that everybody gets allow nothing.
    private func grantLimit(of draft: UserDraft, as caller: Caller) -> PermissionSet? {
        draft.roles == .initial ? nil : caller.limit
    }

    /// The user that a draft describes, and the hash of its password.
    private func prepare(_ draft: UserDraft) async throws(UserError) -> (User, String?) {
        let hash: String? =
            if let password = draft.password { try await hasher.hash(password) } else { nil }
        return (User(draft, id: draft.id ?? UserID(ids.next()), at: clock.now()), hash)
    }

    private func checkPassword(of draft: UserDraft, as caller: Caller) throws(UserError) {
        guard let password = draft.password else {
            guard caller.may(.registerWithoutPassword) else {
                let missing = InvalidValue(.required, "A password is required.")
                throw .invalid([UserFault(.password, missing)])
            }
            return
        }
        do {
            try password.check(email: draft.email, displayName: draft.displayName)
        } catch {
            throw .invalid([UserFault(.password, error)])
        }
    }
}

extension UserError {
    /// Whether an attempt that failed for this has certainly made nobody.
    fileprivate var endsAttempt: Bool {
        switch self {
        case .outcomeUnknown: false
        case .notFound, .emailTaken, .externalIDTaken, .idTaken, .versionMismatch,
            .attemptRunning, .attemptDiffers, .lastAdministrator, .unknownRole, .roleNotFound,
            .roleExists, .roleInUse, .roleBuiltIn, .tooManyRoles, .wrongCurrentPassword, .throttled,
            .outranked,
            .notPermitted, .invalid, .unavailable, .corrupt, .storage:
            true
        }
    }
}
