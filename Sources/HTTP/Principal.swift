package import Ambient

/// Whom a request speaks for, once its token has been verified. What the grants mean is the
/// business of whoever verified it; here they are bits.
package struct Principal: Hashable, Sendable {
    /// The id of the user.
    package let user: UUID
    /// The id of the session that the token belongs to.
    package let session: UUID
    /// What the user is allowed beyond what everybody is: a bit for each grant.
    package let grants: UInt8

    /// Makes a principal.
    package init(user: UUID, session: UUID, grants: UInt8) {
        self.user = user
        self.session = session
        self.grants = grants
    }
}
