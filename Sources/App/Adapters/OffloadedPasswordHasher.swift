import PasswordHashing
import Reactor
import Users

/// Hashes passwords with Argon2id on the threads of a pool, off the loops.
struct OffloadedPasswordHasher: PasswordHasher {
    private let pool: OffloadPool
    private let argon2id: Argon2id

    init(pool: OffloadPool, argon2id: Argon2id = Argon2id()) {
        self.pool = pool
        self.argon2id = argon2id
    }

    func hash(_ password: Password) async throws(UserError) -> String {
        let argon2id = argon2id
        let result: Result<Argon2idHash, PasswordHashingError>
        do {
            result = try await pool.run {
                let octets = Array(password.revealed.utf8)
                let salt = (0..<Argon2id.saltOctets).map { _ in UInt8.random(in: .min ... .max) }
                do throws(PasswordHashingError) {
                    return .success(try argon2id.hash(octets.span, salt: salt.span))
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            throw .unavailable(.overloaded, cause: error)
        }
        switch result {
        case .success(let hash): return hash.rawValue
        case .failure(.outOfResources): throw .unavailable(.overloaded, cause: nil)
        case .failure(let error): throw .storage(error)
        }
    }
}
