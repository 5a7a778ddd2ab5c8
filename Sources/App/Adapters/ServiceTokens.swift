import Ambient
import Authentication
import Postgres
import Tokens
import Users

/// Makes and reads tokens with the keys of the service, for one loop.
struct ServiceTokens: TokenMint {
    let keys: KeyRing
    let pool: ConnectionPool
    /// Makes the ids of access tokens.
    let ids: UUIDv7Generator
    /// Count the access tokens that are refused.
    let accounts: AccountMetrics

    /// A token that would be longer than tokens may be, since its user holds many roles of long
    /// names, names none: `"roles":[]`. What the roles allow is looked up, and is not told by the
    /// token.
    func accessToken(
        for grant: SessionGrant, at time: Timestamp, seconds: Int64
    ) async throws(UserError) -> String {
        let start = time.microsecondsSince1970 / 1_000_000
        var claims = AccessTokenClaims(
            subject: grant.user.uuid, session: grant.session.uuid, id: ids.next(),
            roles: grant.roles.names.map(\.rawValue), epoch: grant.epoch, issuedAt: start,
            expiresAt: start + seconds)
        let tokens = try await keys.signing(from: pool).tokens
        do throws(UnsignableToken) {
            do throws(UnsignableToken) {
                return try tokens.token(of: claims)
            } catch .tooLong {
                claims.roles = []
                return try tokens.token(of: claims)
            }
        } catch {
            throw .storage(error)
        }
    }

    func claims(of token: [UInt8], at time: Timestamp) async throws(UserError) -> TokenClaims? {
        let tokens = try await keys.signing(from: pool).tokens
        do throws(InvalidToken) {
            let claims = try tokens.claims(of: token, at: time)
            return TokenClaims(
                user: UserID(claims.subject), session: SessionID(claims.session),
                epoch: claims.epoch,
                expiresAt: Timestamp(microsecondsSince1970: claims.expiresAt * 1_000_000))
        } catch {
            accounts.refused(error)
            return nil
        }
    }

    func refreshToken(for ticket: RefreshTicket) async throws(UserError) -> String {
        RefreshToken(session: ticket.session.uuid, counter: ticket.counter)
            .text(sealedWith: try await keys.derivedKeys(from: pool).refreshTokens)
    }

    func ticket(of token: String) async throws(UserError) -> RefreshTicket? {
        let key = try await keys.derivedKeys(from: pool).refreshTokens
        return RefreshToken(token, sealedWith: key).map {
            RefreshTicket(session: SessionID($0.session), counter: $0.counter)
        }
    }

    func keySet() async throws(UserError) -> [UInt8] { try await keys.signing(from: pool).keySet }

    func code(of octets: [UInt8]) async throws(UserError) -> [UInt8] {
        try await keys.derivedKeys(from: pool).throttling.code(of: octets)
    }
}
