package import Ambient

/// A role as the service keeps one: a name, and what it allows those who hold it (docs/api.md).
package struct Role: Hashable, Sendable {
    /// How many roles there are at most, so that the list of all of them is a short answer. Those
    /// who make roles at the very same moment may pass it by as many as they are.
    package static let countMax = 1_000

    /// What the role is known by; never changes.
    package let name: RoleName
    /// What it allows its holders.
    package var permissions: PermissionSet
    /// When the role was made.
    package let createdAt: Timestamp
    /// When its permissions were last set; `createdAt` at first.
    package var updatedAt: Timestamp

    /// Makes a role of all members.
    package init(
        name: RoleName, permissions: PermissionSet, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.name = name
        self.permissions = permissions
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}
