package import Tokens

/// The keys of the endpoints of users.
package struct UserKeys: Sendable {
    /// Seals the cursors of lists.
    let cursors: AuthenticationKey
    /// Makes the names of attempts.
    let attempts: AuthenticationKey
    /// Makes what tells the contents of attempts apart.
    let contents: AuthenticationKey

    /// Derives the keys from the secret of the service.
    package init(from secret: SecretKey) {
        cursors = secret.key(for: .cursors)
        attempts = secret.key(for: .attempts)
        contents = secret.key(for: .contents)
    }
}
