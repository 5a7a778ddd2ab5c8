package import Ambient
package import Authentication
import Synchronization
package import Users

/// Makes tokens that tell everybody what is in them.
///
/// An access token is `EPOCH/END/USER/SESSION`, a refresh token `SESSION/COUNTER`.
package final class FakeMint: TokenMint {
    private struct State {
        var error: UserError?
        var claimsCount = 0
    }

    private let state = Mutex(State())

    /// Makes a mint.
    package init() {}

    /// What everything fails with from now on; nil for nothing.
    package func fail(with error: UserError?) { state.withLock { $0.error = error } }

    /// How often the claims of a token were asked for.
    package var claimsCount: Int { state.withLock { $0.claimsCount } }

    private func check() throws(UserError) {
        if let error = state.withLock({ $0.error }) { throw error }
    }

    package func accessToken(
        for grant: SessionGrant, at time: Timestamp, seconds: Int64
    ) async throws(UserError) -> String {
        try check()
        return Self.accessToken(
            TokenClaims(
                user: grant.user, session: grant.session, epoch: grant.epoch,
                expiresAt: time.advanced(bySeconds: seconds)))
    }

    /// The access token that says this.
    package static func accessToken(_ claims: TokenClaims) -> String {
        "\(claims.epoch)/\(claims.expiresAt.microsecondsSince1970)"
            + "/\(claims.user.uuid)/\(claims.session.uuid)"
    }

    package func claims(
        of token: [UInt8], at time: Timestamp
    ) async throws(UserError) -> TokenClaims? {
        state.withLock { $0.claimsCount += 1 }
        try check()
        let parts = String(decoding: token, as: UTF8.self).split(separator: "/")
        guard parts.count == 4, let epoch = Int64(parts[0]), let end = Int64(parts[1]),
            let user = UUID(parsing: parts[2]), let session = UUID(parsing: parts[3]),
            time.microsecondsSince1970 < end
        else { return nil }
        return TokenClaims(
            user: UserID(user), session: SessionID(session), epoch: epoch,
            expiresAt: Timestamp(microsecondsSince1970: end))
    }

    package func refreshToken(for ticket: RefreshTicket) async throws(UserError) -> String {
        try check()
        return "\(ticket.session.uuid)/\(ticket.counter)"
    }

    package func ticket(of token: String) async throws(UserError) -> RefreshTicket? {
        try check()
        let parts = token.split(separator: "/")
        guard parts.count == 2, let session = UUID(parsing: parts[0]),
            let counter = Int64(parts[1])
        else { return nil }
        return RefreshTicket(session: SessionID(session), counter: counter)
    }

    package func keySet() async throws(UserError) -> [UInt8] {
        try check()
        return Array(#"{"keys":[]}"#.utf8)
    }

    package func code(of octets: [UInt8]) async throws(UserError) -> [UInt8] {
        try check()
        return Self.code(of: octets)
    }

    /// 32 octets that are others for most other octets: FNV-1a, which hides nothing, four times.
    package static func code(of octets: [UInt8]) -> [UInt8] {
        (0..<4).flatMap { (seed: UInt8) in
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for octet in [seed] + octets { hash = (hash ^ UInt64(octet)) &* 0x100_0000_01b3 }
            return (0..<8).map { UInt8(truncatingIfNeeded: hash >> ($0 * 8)) }
        }
    }
}
