import JSON
import Users

extension UserChanges {
    /// Reads what a `PUT /users/{id}` makes of a user: what is absent becomes null, empty or
    /// `active`, but the roles stay, which not everybody who replaces a user may write.
    ///
    /// Members that only the service sets may be sent back as they are: `current` fetches the user
    /// when there is one.
    /// - Throws: ``UserError/invalid(_:)`` with every fault; whatever `current` throws.
    static func replacing(
        _ value: JSONValue, current: () async throws(UserError) -> User
    ) async throws(UserError) -> UserChanges {
        var reader = try MemberReader(value)
        try await reader.refuseReadOnlyMembers(differingFrom: current)
        var changes = UserChanges()
        changes.email = reader.required(.email).map(Change.set) ?? .keep
        changes.displayName = reader.required(.displayName).map(Change.set) ?? .keep
        changes.externalID = .set(reader.optional(.externalID))
        changes.locale = .set(reader.optional(.locale))
        changes.timeZone = .set(reader.optional(.timeZone))
        let status: Change<UserStatus> = reader.change(.status)
        changes.status = .set(status.value ?? .active)
        changes.roles = reader.rolesChange()
        changes.metadata = .set(reader.metadata(.metadata) ?? .empty)
        changes.adminMetadata = .set(reader.metadata(.adminMetadata) ?? .empty)
        reader.refusePassword()
        try reader.finish()
        return changes
    }
}
