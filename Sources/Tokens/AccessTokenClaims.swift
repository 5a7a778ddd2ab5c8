package import Ambient

/// What an access token says of its bearer (RFC 9068 §2.2), besides who made it and for whom.
package struct AccessTokenClaims: Equatable, Sendable {
    /// The user's id: `sub`.
    package var subject: UUID
    /// The session that the token belongs to: `sid`.
    package var session: UUID
    /// The token's own id: `jti`.
    package var id: UUID
    /// The names of the user's roles when the token was made: `roles`.
    package var roles: [String]
    /// What the user's epoch was then; a token of an earlier one is out of force: `epoch`.
    package var epoch: Int64
    /// When the token was made, in whole seconds since 1970-01-01T00:00:00Z: `iat`.
    package var issuedAt: Int64
    /// The second from which on it is refused, since 1970-01-01T00:00:00Z: `exp`.
    package var expiresAt: Int64

    /// Takes what a token is to say.
    package init(
        subject: UUID, session: UUID, id: UUID, roles: [String], epoch: Int64, issuedAt: Int64,
        expiresAt: Int64
    ) {
        self.subject = subject
        self.session = session
        self.id = id
        self.roles = roles
        self.epoch = epoch
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }
}
