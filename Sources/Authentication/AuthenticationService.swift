package import Ambient
package import Users

/// Logging in, staying logged in and logging out. It keeps the rules; where things are kept, and
/// how passwords and tokens are made, is the business of those that it is given.
///
/// Every function may throw ``AuthenticationError/failed(_:)``.
package struct AuthenticationService<
    Repository: AuthenticationRepository, Mint: TokenMint
>: Sendable {
    let repository: Repository
    let mint: Mint
    let passwords: any PasswordChecker
    let access: any AccessObserver
    let events: any AuthenticationEvents
    let settings: AuthenticationSettings
    let clock: WallClock
    let ids: UUIDv7Generator

    /// Makes a service; `ids` makes the ids of new sessions.
    package init(
        repository: Repository, mint: Mint, passwords: any PasswordChecker,
        access: any AccessObserver, events: any AuthenticationEvents,
        settings: AuthenticationSettings, clock: WallClock, ids: UUIDv7Generator
    ) {
        self.repository = repository
        self.mint = mint
        self.passwords = passwords
        self.access = access
        self.events = events
        self.settings = settings
        self.clock = clock
        self.ids = ids
    }

    /// The keys that verify access tokens, as JSON (RFC 7517 §5).
    package func keySet() async throws(UserError) -> [UInt8] { try await mint.keySet() }

    /// Tokens for what a session grants. The access token does not outlive the session.
    func tokens(
        for grant: SessionGrant, at time: Timestamp
    ) async throws(UserError) -> IssuedTokens {
        let seconds = min(settings.lifetimes.access, time.wholeSeconds(until: grant.expiresAt))
        let ticket = RefreshTicket(session: grant.session, counter: grant.counter)
        return IssuedTokens(
            access: try await mint.accessToken(for: grant, at: time, seconds: seconds),
            accessSeconds: seconds, refresh: try await mint.refreshToken(for: ticket),
            session: grant.session, user: grant.user)
    }
}

/// What operators may choose of logging in.
package struct AuthenticationSettings: Hashable, Sendable {
    /// How long tokens and sessions last.
    package var lifetimes = SessionLifetimes()
    /// How failed logins are slowed down; nil if they are not.
    package var throttle: LoginThrottle? = LoginThrottle()

    /// The usual settings.
    package init() {}
}

/// Runs what may fail with an error of users, as one of logging in.
func failing<Value>(
    _ body: () async throws(UserError) -> Value
) async throws(AuthenticationError) -> Value {
    do {
        return try await body()
    } catch {
        throw .failed(error)
    }
}
