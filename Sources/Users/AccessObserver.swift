/// Hears of committed changes that may end or change what somebody's tokens allow.
package protocol AccessObserver: Sendable {
    /// Called after the status, the roles, a deletion or a restoration of a user has been written,
    /// and before whoever asked for it is answered.
    func accessChanged(of user: UserID) async

    /// Called after the permissions of a role have been written, and before whoever asked for it is
    /// answered.
    func accessChanged(ofHoldersOf role: RoleName) async
}
