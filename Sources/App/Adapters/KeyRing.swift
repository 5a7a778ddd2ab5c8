import Postgres
import Synchronization
import Tokens
import Users
import UsersHTTP

/// The keys of the service: what is derived from `SECRET_KEY`, and what access tokens are signed
/// with. Whatever is not configured, the first process to need it makes and keeps in the database.
///
/// Once they are here, getting them is one atomic load.
final class KeyRing: Sendable {
    /// Every derived key, by who uses it.
    final class DerivedKeys: Sendable {
        let users: UserKeys
        let refreshTokens: AuthenticationKey
        let throttling: AuthenticationKey

        init(from secret: SecretKey) {
            users = UserKeys(from: secret)
            refreshTokens = secret.key(for: .refreshTokens)
            throttling = secret.key(for: .throttling)
        }
    }

    /// What makes and checks access tokens, and the key set that others check them with.
    final class Signing: Sendable {
        let tokens: AccessTokens
        let keySet: [UInt8]

        init(_ keys: SigningKeys, _ settings: TokenSettings) async {
            tokens = await AccessTokens(
                keys: keys, issuer: settings.issuer, audience: settings.audience,
                clientID: TokenSettings.clientID)
            keySet = keys.jwks
        }
    }

    private let derived = AtomicLazyReference<DerivedKeys>()
    private let signing = AtomicLazyReference<Signing>()
    /// Without the keys, of which nothing is kept but what is made of them.
    private let settings: TokenSettings
    private let signingKeys: SigningKeys?
    /// Whether `SECRET_KEY` is set, and nothing is derived from what the database keeps.
    let hasSecret: Bool

    /// Whether signing keys are configured, and none are kept in the database.
    var hasSigningKeys: Bool { signingKeys != nil }

    /// - Parameter secret: `SECRET_KEY`, if it is set.
    /// - Throws: ``StartFailure/signingKeys(_:)`` for a file that holds no keys.
    init(_ secret: Secret?, _ settings: TokenSettings) throws(StartFailure) {
        if let secret {
            _ = derived.storeIfNil(DerivedKeys(from: SecretKey(Array(secret.rawValue.utf8))))
        }
        hasSecret = secret != nil
        var remaining = settings
        remaining.signingKeys = nil
        self.settings = remaining
        do throws(InvalidSigningKeys) {
            signingKeys = try settings.signingKeys.map { text throws(InvalidSigningKeys) in
                try SigningKeys(pem: text.rawValue)
            }
        } catch {
            throw .signingKeys(error)
        }
    }

    /// The derived keys; the database is asked the first time, if it must be, on the caller's loop.
    /// - Throws: ``UserError/unavailable(_:cause:)`` while it does not tell.
    func derivedKeys(from pool: ConnectionPool) async throws(UserError) -> DerivedKeys {
        if let keys = derived.load() { return keys }
        let secret = try await KeptSecret.secretKey.octets(in: pool) { SecretKey.random() }
        guard secret.count >= SecretKey.octetCountMin else {
            throw .corrupt("The secret in the database is too short.")
        }
        return derived.storeIfNil(DerivedKeys(from: SecretKey(secret)))
    }

    /// What access tokens are made with; the database is asked the first time, if it must be, on
    /// the caller's loop.
    /// - Throws: ``UserError/unavailable(_:cause:)`` while it does not tell.
    func signing(from pool: ConnectionPool) async throws(UserError) -> Signing {
        if let signing = signing.load() { return signing }
        let keys = try await keys(from: pool)
        // jwt-kit has an actor, for which the loop serves as well as a thread of its own would.
        return signing.storeIfNil(
            await withTaskExecutorPreference(pool.loop) { await Signing(keys, settings) })
    }

    private func keys(from pool: ConnectionPool) async throws(UserError) -> SigningKeys {
        if let signingKeys { return signingKeys }
        let pem = try await KeptSecret.signingKeys.octets(in: pool) {
            Array(SigningKeys.makePEM().utf8)
        }
        do {
            return try SigningKeys(pem: String(decoding: pem, as: UTF8.self))
        } catch {
            throw .corrupt("The signing keys in the database cannot be read: \(error)")
        }
    }
}
