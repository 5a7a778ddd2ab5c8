/// Keeps users for a short while, for those who only look at them; a class, since to look at a
/// struct behind a protocol copies it.
///
/// Whatever becomes of it, nobody is refused anything for it. All functions run on the caller's
/// executor.
package protocol UserCache: AnyObject, Sendable {
    /// The user with this id who is not deleted, as kept or as `read` finds it; never older than
    /// any change after which ``forget(_:)`` had returned before this was called.
    /// - Parameter read: Reads the user where users are kept, at the moment of the call or later.
    /// - Throws: What `read` throws.
    func user(
        withID id: UserID, orElse read: () async throws(UserError) -> User?
    ) async throws(UserError) -> User?

    /// Returns once nobody is given any more what a user was before this was called. To be called
    /// when a change has been committed, or may have been, and before anybody is told.
    func forget(_ id: UserID) async
}
