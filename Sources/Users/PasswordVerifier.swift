/// Tells whether somebody knows a user's password.
package protocol PasswordVerifier: Sendable {
    /// Whether this is the password of the user; false for a user without one. It takes as long as
    /// a login and must not hold the caller's thread meanwhile.
    /// - Throws: ``UserError/unavailable(_:cause:)`` when too many are waiting or the storage is
    ///   away.
    func isPassword(_ candidate: String, of id: UserID) async throws(UserError) -> Bool
}
