package import Ambient
package import Authentication
package import HTTP
import HTTPTypes
import Routing
import Users
import UsersHTTP

/// Tells by `Authorization: Bearer` whom a request speaks for (RFC 6750 §2.1).
///
/// A token's signature is checked once for each loop, and the database is asked whether its session
/// goes on and what its user may do: once, as long as somebody listens to what it tells of changes.
package struct BearerAuthenticator<
    Repository: AuthenticationRepository, Mint: TokenMint
>: Authenticator {
    private let cache: TokenCache
    private let repository: Repository
    private let mint: Mint
    private let clock: WallClock

    /// Makes an authenticator of the loop that `cache` lives on.
    package init(cache: TokenCache, repository: Repository, mint: Mint, clock: WallClock) {
        self.cache = cache
        self.repository = repository
        self.mint = mint
        self.clock = clock
    }

    /// The principal of a request's token; nil without one.
    package func principal(of request: Request) async throws(Problem) -> Principal? {
        let now = clock.now()
        let known: RememberedToken?? = request.head.fields.withValueBytes(of: .authorization) {
            remembered($0, at: now)
        }
        guard let known else { return nil }
        if let known {
            if let permissions = known.permissions { return known.claims.principal(permissions) }
            return try await confirm(known.claims, Self.token(of: request))
        }
        let token = Self.token(of: request)
        let claims = try await telling { () throws(UserError) in
            try await mint.claims(of: token, at: now)
        }
        guard let claims else { throw .invalidToken }
        cache.remember(token, claims, at: now)
        return try await confirm(claims, token)
    }

    /// What is remembered of the token in the value of `Authorization`.
    private func remembered(_ value: Span<UInt8>, at time: Timestamp) -> RememberedToken? {
        guard let start = BearerCredentials.start(of: value) else { return nil }
        let token = value.extracting(start..<value.count)
        guard let tail = TokenTail(token), let known = cache.token(with: tail, at: time),
            known.isSame(as: token)
        else { return nil }
        return known
    }

    /// Asks the database what a token allows.
    private func confirm(
        _ claims: TokenClaims, _ token: [UInt8]
    ) async throws(Problem) -> Principal {
        let moment = cache.now
        let access = try await telling { () throws(UserError) in
            try await repository.access(of: claims.session, user: claims.user, at: clock.now())
        }
        guard let access, access.epoch == claims.epoch else { throw .invalidToken }
        cache.remember(access.permissions, of: token, since: moment)
        return claims.principal(access.permissions)
    }

    /// The token of a request, which is empty if its credentials are of another kind.
    private static func token(of request: Request) -> [UInt8] {
        request.head.fields.withValueBytes(of: .authorization) { value in
            guard let start = BearerCredentials.start(of: value) else { return [] }
            return (start..<value.count).map { value[$0] }
        } ?? []
    }
}

extension TokenClaims {
    fileprivate func principal(_ permissions: PermissionSet) -> Principal {
        Principal(user: user.uuid, session: session.uuid, grants: permissions.rawValue)
    }
}

/// `Bearer`, one space, and a token (RFC 6750 §2.1).
enum BearerCredentials {
    private static let scheme = Array("bearer ".utf8)

    /// Where the token begins in the value of `Authorization`; nil for another scheme, which is
    /// told without regard to case (RFC 9110 §11.1).
    static func start(of value: Span<UInt8>) -> Int? {
        guard value.count > scheme.count else { return nil }
        for index in scheme.indices {
            let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(value[index])
            guard (isUpper ? value[index] | 0x20 : value[index]) == scheme[index] else {
                return nil
            }
        }
        return scheme.count
    }
}
