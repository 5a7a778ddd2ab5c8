package import Ambient
package import Authentication
import Synchronization
package import Users

/// Keeps users, sessions and attempts as the protocol asks, in memory.
package final class InMemoryAuthenticationRepository: AuthenticationRepository {
    /// What is kept of a user.
    package struct Member: Sendable {
        /// The user.
        package var account: Account
        /// What the user holds.
        package var roles = RoleSet.initial
        /// What that allows.
        package var permissions: PermissionSet = []
        /// The number that the user's tokens have to tell.
        package var epoch: Int64 = 0
    }

    /// What is kept of a session.
    package struct Login: Sendable {
        /// The session.
        package var session: Session
        /// Whose it is.
        package var user: UserID
        /// Which refresh token is the current one.
        package var counter: Int64 = 1
    }

    /// What is kept, and what a test wants to happen.
    package struct State: Sendable {
        /// The users who are not deleted.
        package var members: [UserID: Member] = [:]
        /// The sessions, those that have run out too.
        package var logins: [SessionID: Login] = [:]
        /// How logins have gone.
        package var book = LoginBook()
        /// How often each function was called, by its name.
        package var calls: [String: Int] = [:]
        /// What the calls of a function fail with, by its name.
        package var errors: [String: UserError] = [:]
        /// What happens once, right before a session begins.
        package var beforeBegin: (@Sendable (inout State) -> Void)?
    }

    private let state = Mutex(State())

    /// Makes a repository without users.
    package init() {}

    /// Looks at what is kept, or changes it.
    package func inspect<Value: Sendable>(_ look: (inout sending State) -> Value) -> Value {
        state.withLock { look(&$0) }
    }

    /// How often a function was called.
    package func callCount(_ function: String) -> Int {
        state.withLock { $0.calls[function] ?? 0 }
    }

    private func called<Value: Sendable>(
        _ function: String, _ body: (inout State) -> Value
    ) throws(UserError) -> Value {
        try state.withLock { (state: inout sending State) throws(UserError) in
            state.calls[function, default: 0] += 1
            if let error = state.errors[function] { throw error }
            return body(&state)
        }
    }

    package func admit(
        _ attempt: LoginAttempt, by throttle: LoginThrottle
    ) async throws(UserError) -> LoginAdmission {
        try called("admit") { $0.book.admit(attempt, by: throttle) }
    }

    package func withdraw(
        _ attempt: LoginAttempt, _ admission: LoginAdmission
    ) async throws(UserError) {
        try called("withdraw") { $0.book.withdraw(attempt, admission) }
    }

    package func forgetFailures(ofAddress code: [UInt8]) async throws(UserError) {
        try called("forgetFailures") { $0.book.forgetFailures(ofAddress: code) }
    }

    package func account(withEmail email: EmailAddress) async throws(UserError) -> Account? {
        try called("account") { state in
            state.members.values.first { $0.account.email.key == email.key }?.account
        }
    }

    package func account(withID id: UserID) async throws(UserError) -> Account? {
        try called("account") { $0.members[id]?.account }
    }

    package func begin(
        _ session: Session, of account: Account, after attempt: LoginAttempt,
        _ admission: LoginAdmission?
    ) async throws(UserError) -> SessionGrant? {
        try called("begin") { state in
            let rival = state.beforeBegin
            state.beforeBegin = nil
            rival?(&state)
            guard let member = state.members[account.id], member.account.status == .active,
                member.account.passwordHash == account.passwordHash
            else { return nil }
            if let admission { state.book.succeed(attempt, admission) }
            let login = Login(session: session, user: account.id)
            state.logins[session.id] = login
            return member.grant(of: login)
        }
    }

    package func refresh(
        _ ticket: RefreshTicket, at time: Timestamp
    ) async throws(UserError) -> RefreshedSession? {
        try called("refresh") { state in
            guard var login = state.logins[ticket.session], time < login.session.expiresAt,
                let member = state.members[login.user], member.account.status == .active
            else { return nil }
            let isAdvanced = ticket.counter == login.counter
            if isAdvanced {
                login.counter += 1
                login.session = login.session.refreshed(at: time)
                state.logins[ticket.session] = login
            }
            return RefreshedSession(
                grant: member.grant(of: login), isAdvanced: isAdvanced,
                refreshedAt: login.session.refreshedAt)
        }
    }

    package func access(
        of session: SessionID, user: UserID, at time: Timestamp
    ) async throws(UserError) -> Access? {
        try called("access") { state in
            guard let login = state.logins[session], login.user == user,
                time < login.session.expiresAt, let member = state.members[user],
                member.account.status == .active
            else { return nil }
            return Access(permissions: member.permissions, epoch: member.epoch)
        }
    }

    package func sessions(
        of user: UserID, at time: Timestamp
    ) async throws(UserError) -> [Session] {
        try called("sessions") { state in
            let sessions = state.logins.values.filter { $0.user == user }.map(\.session)
            return Array(
                sessions.filter { time < $0.expiresAt }.sorted { $0.createdAt > $1.createdAt }
                    .prefix(Session.listedMax))
        }
    }

    package func end(
        _ session: SessionID, of user: UserID?, at time: Timestamp
    ) async throws(UserError) -> UserID? {
        try called("end") { state in
            guard let login = state.logins[session], user == nil || login.user == user,
                time < login.session.expiresAt
            else { return nil }
            state.logins[session] = nil
            return login.user
        }
    }

    package func endSessions(
        of user: UserID, but session: SessionID?, at time: Timestamp
    ) async throws(UserError) -> Int {
        try called("endSessions") { $0.endSessions(of: user, but: session, at: time) }
    }

    package func setPassword(
        hash: String, of user: UserID, keeping session: SessionID?,
        ifHoldingOnly permissions: PermissionSet?, replacing old: String?, at time: Timestamp
    ) async throws(UserError) -> Int? {
        try called("setPassword") { state in
            guard let member = state.members[user],
                permissions?.isSuperset(of: member.permissions) ?? true,
                old == nil || old == member.account.passwordHash
            else { return nil }
            state.members[user]?.account = member.account.with(passwordHash: hash)
            return state.endSessions(of: user, but: session, at: time)
        }
    }

    package func replaceHash(
        of user: UserID, _ old: String, with new: String
    ) async throws(UserError) {
        try called("replaceHash") { state in
            guard let account = state.members[user]?.account, account.passwordHash == old else {
                return
            }
            state.members[user]?.account = account.with(passwordHash: new)
        }
    }
}

extension InMemoryAuthenticationRepository.State {
    fileprivate mutating func endSessions(
        of user: UserID, but session: SessionID?, at time: Timestamp
    ) -> Int {
        let ended = logins.filter { $0.value.user == user && $0.key != session }
        for id in ended.keys { logins[id] = nil }
        return ended.values.count { time < $0.session.expiresAt }
    }
}

extension InMemoryAuthenticationRepository.Member {
    fileprivate func grant(of login: InMemoryAuthenticationRepository.Login) -> SessionGrant {
        SessionGrant(
            session: login.session.id, user: login.user, roles: roles, epoch: epoch,
            counter: login.counter, expiresAt: login.session.expiresAt)
    }
}

extension Account {
    /// The account with another status or password.
    package func with(status: UserStatus? = nil, passwordHash: String?) -> Account {
        Account(
            id: id, email: email, displayName: displayName, status: status ?? self.status,
            passwordHash: passwordHash)
    }
}

extension Session {
    fileprivate func refreshed(at time: Timestamp) -> Session {
        Session(
            id: id, createdAt: createdAt, refreshedAt: time,
            expiresAt: min(
                time.advanced(bySeconds: SessionLifetimes.idle),
                createdAt.advanced(bySeconds: SessionLifetimes.absolute)),
            client: client)
    }
}
