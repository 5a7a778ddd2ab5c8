import Ambient
import JSON
import Users

extension UserPatch {
    /// Reads what a `PATCH /users/{id}` asks for, a JSON Merge Patch (RFC 7396).
    ///
    /// Members that only the service sets may be sent back as they are: `current` fetches the user
    /// when the patch has one.
    /// - Throws: ``UserError/invalid(_:)`` with every fault; whatever `current` throws.
    static func reading(
        _ value: JSONValue, current: () async throws(UserError) -> User
    ) async throws(UserError) -> UserPatch {
        var reader = try MemberReader(value)
        try await reader.refuseReadOnlyMembers(differingFrom: current)
        var patch = UserPatch()
        patch.changes.externalID = reader.clearableChange(.externalID)
        patch.changes.email = reader.change(.email)
        patch.changes.displayName = reader.change(.displayName)
        patch.changes.locale = reader.clearableChange(.locale)
        patch.changes.timeZone = reader.clearableChange(.timeZone)
        patch.changes.status = reader.change(.status)
        patch.changes.roles = reader.rolesChange()
        patch.metadataPatch = reader.object(.metadata)
        patch.adminMetadataPatch = reader.object(.adminMetadata)
        patch.currentPassword = reader.currentPassword()
        reader.refusePassword()
        try reader.finish()
        return patch
    }
}

extension MemberReader {
    private static let identifiedNames = [UserMember.id.rawValue] + readOnlyNames

    /// Notes that a member is not the client's to change.
    mutating func noteReadOnly(_ name: String) {
        note(pointer: "/" + name, InvalidValue(.readOnly, "The member is set by the service."))
    }

    /// Notes members that only the service sets, unless they are sent back as they are.
    /// - Parameter current: Fetches the user when there is one to compare.
    mutating func refuseReadOnlyMembers(
        differingFrom current: () async throws(UserError) -> User
    ) async throws(UserError) {
        guard Self.identifiedNames.contains(where: { self[$0] != nil }) else { return }
        let user = try await current()
        for name in Self.identifiedNames {
            if let sent = self[name], sent != user.readOnlyMember(name) { noteReadOnly(name) }
        }
    }

    fileprivate mutating func object(_ member: UserMember) -> JSONObject? {
        switch self[member.rawValue] {
        case nil: return nil
        case .object(let object): return object
        default:
            note(member, InvalidValue(.wrongType, "The member is an object."))
            return nil
        }
    }

    /// The password that the caller gives again.
    fileprivate mutating func currentPassword() -> String? {
        let name = "current_password"
        switch self[name] {
        case nil: return nil
        case .string(let text): return text
        default:
            note(pointer: "/" + name, InvalidValue(.wrongType, "The member is a string."))
            return nil
        }
    }

    /// Notes a password, which has a place of its own.
    mutating func refusePassword() {
        guard self[UserMember.password.rawValue] != nil else { return }
        note(
            .password,
            InvalidValue(.readOnly, "A password is set at /users/{id}/password, not here."))
    }
}

extension User {
    /// A member that only the service sets, as JSON.
    fileprivate func readOnlyMember(_ name: String) -> JSONValue {
        switch name {
        case UserMember.id.rawValue: .string(id.uuid.description)
        case "email_verified": .bool(isEmailVerified)
        case "created_at": .string(createdAt.rfc3339)
        case "updated_at": .string(updatedAt.rfc3339)
        case "password_changed_at": passwordChangedAt.json
        case "deleted_at": deletedAt.json
        case "version": .integer(version)
        default: .null
        }
    }
}

extension Timestamp? {
    fileprivate var json: JSONValue { map { .string($0.rfc3339) } ?? .null }
}
