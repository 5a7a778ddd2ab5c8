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
/// A refusal is remembered too, or else whoever is refused could keep the database busy.
package final class BearerAuthenticator<
    Repository: AuthenticationRepository, Mint: TokenMint
>: Authenticator {
    private let cache: TokenCache
    private let repository: Repository
    private let mint: Mint
    private let events: any AuthenticationEvents
    private let clock: WallClock

    /// Makes an authenticator of the loop that `cache` lives on.
    package init(
        cache: TokenCache, repository: Repository, mint: Mint, events: any AuthenticationEvents,
        clock: WallClock
    ) {
        self.cache = cache
        self.repository = repository
        self.mint = mint
        self.events = events
        self.clock = clock
    }

    /// The principal of a request's token, if the loop remembers what that allows.
    package func knownPrincipal(of request: Request) -> Principal? {
        guard let value = request.head.fields.octets(of: .authorization),
            let token = BearerCredentials.token(in: value)
        else { return nil }
        return remembered(token.span, at: clock.now())?.principal
    }

    /// The principal of a request's token; nil without one. Credentials of another scheme are none
    /// (RFC 6750 §3.1).
    package func principal(of request: Request) async throws(Problem) -> Principal? {
        guard let value = request.head.fields.octets(of: .authorization),
            let token = BearerCredentials.token(in: value).map(Array.init)
        else { return nil }
        let now = clock.now()
        if let known = remembered(token.span, at: now) {
            if let answer = known.answer { return try principal(known.claims, answer) }
            return try await confirm(known.claims, token)
        }
        let claims = try await telling { () throws(UserError) in
            try await mint.claims(of: token, at: now)
        }
        guard let claims else { throw .invalidToken }
        cache.remember(token, claims, at: now)
        return try await confirm(claims, token)
    }

    /// What is remembered of a token.
    private func remembered(_ token: Span<UInt8>, at time: Timestamp) -> RememberedToken? {
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
        let answer = claims.answer(access)
        cache.remember(answer, of: token, since: moment)
        return try principal(claims, answer)
    }

    /// Whom a token speaks for by what the database said; counts a refusal.
    private func principal(
        _ claims: TokenClaims, _ answer: TokenAnswer
    ) throws(Problem) -> Principal {
        switch answer {
        case .success(let permissions): return claims.principal(permissions)
        case .failure(let reason):
            events.counted(.accessRefused(reason))
            throw .invalidToken
        }
    }
}

extension RememberedToken {
    /// Whom it speaks for; nil if it is refused, or what that user may do has to be asked.
    fileprivate var principal: Principal? {
        guard case .success(let permissions) = answer else { return nil }
        return claims.principal(permissions)
    }
}

extension TokenClaims {
    /// What a session's access means for this token; nil is that of one that has ended.
    fileprivate func answer(_ access: Access?) -> TokenAnswer {
        guard let access else { return .failure(.sessionEnded) }
        guard access.epoch == epoch else { return .failure(.accessChanged) }
        return .success(access.permissions)
    }

    fileprivate func principal(_ permissions: PermissionSet) -> Principal {
        Principal(user: user.uuid, session: session.uuid, grants: permissions.rawValue)
    }
}

/// `Bearer`, one space, and a token (RFC 6750 §2.1).
enum BearerCredentials {
    /// `bearer` as a number of six octets, and the bits in which the cases of a letter differ.
    private static let scheme: UInt64 = 0x6265_6172_6572
    private static let cases: UInt64 = 0x2020_2020_2020

    /// The token in the value of `Authorization`, empty if none is there; nil for another scheme,
    /// which is told without regard to case (RFC 9110 §11.1).
    static func token(in value: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard value.count >= 6, UInt64(bigEndian: value.prefix(6)) | cases == scheme else {
            return nil
        }
        let rest = value.dropFirst(6)
        return (rest.first ?? space) == space ? rest.dropFirst() : nil
    }

    private static let space = UInt8(ascii: " ")
}
