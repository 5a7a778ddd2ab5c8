package import Ambient
package import Users

/// What an access token says that has been verified.
package struct TokenClaims: Hashable, Sendable {
    /// Whom it speaks for.
    package let user: UserID
    /// The session that it belongs to.
    package let session: SessionID
    /// The number that tells whether what the user may do has changed since.
    package let epoch: Int64
    /// From when on it is not good any more.
    package let expiresAt: Timestamp

    /// Makes claims of their parts.
    package init(user: UserID, session: SessionID, epoch: Int64, expiresAt: Timestamp) {
        self.user = user
        self.session = session
        self.epoch = epoch
        self.expiresAt = expiresAt
    }
}

/// What a refresh token says.
package struct RefreshTicket: Hashable, Sendable {
    /// The session that it refreshes.
    package let session: SessionID
    /// Which of the session's tokens it is, from 1.
    package let counter: Int64

    /// Makes a ticket of its parts.
    package init(session: SessionID, counter: Int64) {
        self.session = session
        self.counter = counter
    }
}

/// What a client gets that has logged in, or refreshed.
package struct IssuedTokens: Hashable, Sendable {
    /// The access token, a JWT (RFC 9068).
    package let access: String
    /// For how many seconds it is good.
    package let accessSeconds: Int64
    /// The refresh token, opaque.
    package let refresh: String
    /// The session.
    package let session: SessionID
    /// The user.
    package let user: UserID
}

/// Makes and reads tokens. Its keys may have to be fetched first; all run on the caller's executor,
/// and throw ``UserError/unavailable(_:cause:)`` while they cannot be.
package protocol TokenMint: Sendable {
    /// An access token for what a session grants, good for so many seconds from `time` on.
    func accessToken(
        for grant: SessionGrant, at time: Timestamp, seconds: Int64
    ) async throws(UserError) -> String

    /// The claims of an access token; nil if it is none that is good at `time`.
    func claims(of token: [UInt8], at time: Timestamp) async throws(UserError) -> TokenClaims?

    /// The refresh token of a ticket: always the same one.
    func refreshToken(for ticket: RefreshTicket) async throws(UserError) -> String

    /// The ticket of a refresh token; nil if it is none of ours.
    func ticket(of token: String) async throws(UserError) -> RefreshTicket?

    /// The keys that verify access tokens, as JSON (RFC 7517 §5).
    func keySet() async throws(UserError) -> [UInt8]

    /// 32 octets that are others for any other octets, and from which these cannot be told.
    func code(of octets: [UInt8]) async throws(UserError) -> [UInt8]
}
