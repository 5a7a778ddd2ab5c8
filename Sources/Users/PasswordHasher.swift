/// Makes what is stored instead of a password.
package protocol PasswordHasher: Sendable {
    /// A salted hash of `password` as a PHC string. It takes long and must not hold the caller's
    /// thread meanwhile.
    /// - Throws: ``UserError/unavailable(_:cause:)`` when too many are waiting.
    func hash(_ password: Password) async throws(UserError) -> String
}
