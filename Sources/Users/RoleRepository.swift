package import Ambient

/// Where roles are kept.
///
/// Every function may also throw ``UserError/unavailable(_:cause:)``, ``UserError/corrupt(_:)`` and
/// ``UserError/storage(_:)``; one that writes, ``UserError/outcomeUnknown(cause:)``. A write that
/// returns has been committed. All run on the caller's executor.
package protocol RoleRepository: Sendable {
    /// All roles, by name.
    func roles() async throws(UserError) -> [Role]

    /// The role of this name.
    func role(named name: RoleName) async throws(UserError) -> Role?

    /// Keeps a new role, unless there are ``Role/countMax``.
    /// - Returns: whether there was room.
    /// - Throws: ``UserError/roleExists``.
    func insert(_ role: Role) async throws(UserError) -> Bool

    /// Gives a role other permissions and sets `updated_at`.
    /// - Parameter limit: What the role may allow at most beforehand; nil for anything.
    /// - Returns: the role as stored; nil, and nothing is written, if there is none of this name
    ///   within the limit.
    /// - Throws: ``UserError/roleBuiltIn``.
    func update(
        _ name: RoleName, _ permissions: PermissionSet, within limit: PermissionSet?,
        at time: Timestamp
    ) async throws(UserError) -> Role?

    /// Removes a role that nobody holds, deleted users included.
    /// - Parameter limit: What the role may allow at most; nil for anything.
    /// - Returns: whether there was one of this name within the limit.
    /// - Throws: ``UserError/roleInUse``.
    func remove(_ name: RoleName, within limit: PermissionSet?) async throws(UserError) -> Bool
}
