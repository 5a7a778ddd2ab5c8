package import Tokens

/// The keys of the endpoints of users.
package struct UserKeys: Sendable {
    /// Seals the cursors of lists.
    let cursors: AuthenticationKey

    /// Derives the keys from the secret of the service.
    package init(from secret: SecretKey) {
        cursors = secret.key(for: .cursors)
    }
}
