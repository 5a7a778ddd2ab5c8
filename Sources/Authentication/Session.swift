package import Ambient
package import Users

/// The id of a session: a UUIDv7 (RFC 9562 §5.7).
package struct SessionID: Hashable, Sendable {
    /// The id.
    package let uuid: UUID

    /// Takes an id.
    package init(_ uuid: UUID) { self.uuid = uuid }
}

/// From where somebody logs in, as the user is told later.
package struct ClientDetails: Hashable, Sendable {
    /// Octets of a user agent that are kept; the rest is cut off.
    package static let userAgentOctetsMax = 512

    /// The address as text, at most 39 octets; nil if it is not known.
    package let address: String?
    /// What the client calls itself (RFC 9110 §10.1.5), at most ``userAgentOctetsMax`` octets.
    package let userAgent: String?

    /// Makes details; a longer user agent is cut after a whole code point. To look for a whole
    /// character could take as long as the square of the text.
    package init(address: String?, userAgent: String?) {
        self.address = address
        self.userAgent = userAgent.map { text in
            let octets = text.utf8
            guard octets.count > Self.userAgentOctetsMax else { return text }
            var end = octets.index(octets.startIndex, offsetBy: Self.userAgentOctetsMax)
            while octets[end] & 0b1100_0000 == 0b1000_0000 { end = octets.index(before: end) }
            return String(text[..<end])
        }
    }
}

/// What came of a login, until it is ended or runs out.
package struct Session: Hashable, Sendable {
    /// What it is known by.
    package let id: SessionID
    /// When the user logged in.
    package let createdAt: Timestamp
    /// When the client last got a new access token.
    package let refreshedAt: Timestamp
    /// When it ends by itself, unless it is refreshed before.
    package let expiresAt: Timestamp
    /// From where the user logged in.
    package let client: ClientDetails

    /// Makes a session of its parts.
    package init(
        id: SessionID, createdAt: Timestamp, refreshedAt: Timestamp, expiresAt: Timestamp,
        client: ClientDetails
    ) {
        self.id = id
        self.createdAt = createdAt
        self.refreshedAt = refreshedAt
        self.expiresAt = expiresAt
        self.client = client
    }
}

/// How long what a login brings is good for, in seconds.
package struct SessionLifetimes: Hashable, Sendable {
    /// Of an access token.
    package var access: Int64 = 600
    /// Of a session that is not refreshed: 14 days.
    package static let idle: Int64 = 14 * 86_400
    /// Of a session in all: 90 days.
    package static let absolute: Int64 = 90 * 86_400
    /// For how long the refresh token before the current one is answered again, so that two tabs
    /// and lost answers do no harm.
    package static let grace: Int64 = 30

    /// The usual lifetimes.
    package init() {}
}

/// What a session lets its user do just now.
package struct SessionGrant: Hashable, Sendable {
    /// The session.
    package let session: SessionID
    /// Whose it is.
    package let user: UserID
    /// The roles that the user holds.
    package let roles: RoleSet
    /// The number that tells whether this has changed since.
    package let epoch: Int64
    /// Which refresh token is the current one, from 1.
    package let counter: Int64
    /// When the session ends by itself, unless it is refreshed before.
    package let expiresAt: Timestamp

    /// Makes a grant of its parts.
    package init(
        session: SessionID, user: UserID, roles: RoleSet, epoch: Int64, counter: Int64,
        expiresAt: Timestamp
    ) {
        self.session = session
        self.user = user
        self.roles = roles
        self.epoch = epoch
        self.counter = counter
        self.expiresAt = expiresAt
    }
}

/// What a user may do just now, for whoever has a token.
package struct Access: Hashable, Sendable {
    /// What the user's roles allow.
    package let permissions: PermissionSet
    /// The number that the user's tokens have to tell.
    package let epoch: Int64

    /// Makes an access of its parts.
    package init(permissions: PermissionSet, epoch: Int64) {
        self.permissions = permissions
        self.epoch = epoch
    }
}
