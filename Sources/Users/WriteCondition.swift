/// What must be so of a user for a write to happen.
package struct WriteCondition: Hashable, Sendable {
    /// The version that the user must have; nil for any.
    package var version: Int64?
    /// What the user's roles may allow at most, those that the write gives included; nil if that is
    /// no matter.
    package var limit: PermissionSet?

    /// Makes a condition; without a word it is always met.
    package init(version: Int64? = nil, limit: PermissionSet? = nil) {
        self.version = version
        self.limit = limit
    }
}
