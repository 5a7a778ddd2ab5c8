package import JSON

/// What becomes of one member of a user.
package enum Change<Value: Hashable & Sendable>: Hashable, Sendable {
    /// It stays as it is.
    case keep
    /// It becomes this.
    case set(Value)

    /// Whether the member stays as it is.
    package var isKept: Bool {
        switch self {
        case .keep: true
        case .set: false
        }
    }

    /// The new value; nil if the member stays as it is.
    package var value: Value? {
        switch self {
        case .keep: nil
        case .set(let value): value
        }
    }
}

/// New values for some members of a user: what a repository writes in one statement.
package struct UserChanges: Hashable, Sendable {
    /// The id in another system, or nil to have none.
    package var externalID = Change<ExternalID?>.keep
    /// The address; a new one is not verified.
    package var email = Change<EmailAddress>.keep
    /// The name that others see.
    package var displayName = Change<DisplayName>.keep
    /// The language, or nil to have none.
    package var locale = Change<LanguageTag?>.keep
    /// The time zone, or nil to have none.
    package var timeZone = Change<TimeZoneName?>.keep
    /// Whether the user may log in.
    package var status = Change<UserStatus>.keep
    /// All roles.
    package var roles = Change<RoleSet>.keep
    /// All of what the user may write.
    package var metadata = Change<Metadata>.keep
    /// All of what only administrators see and write.
    package var adminMetadata = Change<Metadata>.keep

    /// No changes.
    package init() {}

    /// Whether every member stays as it is.
    package var isEmpty: Bool {
        self == UserChanges()
    }

    /// Keeps the members whose new value is the one that `user` has.
    mutating func dropUnchanged(comparedWith user: User) {
        if externalID == .set(user.externalID) { externalID = .keep }
        if email == .set(user.email) { email = .keep }
        if displayName == .set(user.displayName) { displayName = .keep }
        if locale == .set(user.locale) { locale = .keep }
        if timeZone == .set(user.timeZone) { timeZone = .keep }
        if status == .set(user.status) { status = .keep }
        if roles == .set(user.roles) { roles = .keep }
    }

    /// The members that do not stay as they are.
    var members: [UserMember] {
        var members: [UserMember] = []
        if !externalID.isKept { members.append(.externalID) }
        if !email.isKept { members.append(.email) }
        if !displayName.isKept { members.append(.displayName) }
        if !locale.isKept { members.append(.locale) }
        if !timeZone.isKept { members.append(.timeZone) }
        if !status.isKept { members.append(.status) }
        if !roles.isKept { members.append(.roles) }
        if !metadata.isKept { members.append(.metadata) }
        if !adminMetadata.isKept { members.append(.adminMetadata) }
        return members
    }
}

/// What a client's PATCH asks for: changes, and merge patches that need to know what is there.
package struct UserPatch: Sendable {
    /// The members with new values.
    package var changes = UserChanges()
    /// A merge patch of `metadata` (RFC 7396), or nil.
    package var metadataPatch: JSONObject?
    /// A merge patch of `admin_metadata` (RFC 7396), or nil.
    package var adminMetadataPatch: JSONObject?

    /// The password of the caller, which some changes of oneself need: never to be logged.
    package var currentPassword: String?

    /// A patch that changes nothing.
    package init() {}

    /// Whether nothing is asked for; an empty merge patch asks for nothing.
    package var isEmpty: Bool {
        changes.isEmpty && !needsCurrentUser
    }

    /// Whether the changes depend on what is there.
    var needsCurrentUser: Bool {
        metadataPatch?.members.isEmpty == false || adminMetadataPatch?.members.isEmpty == false
    }

    /// The members that are asked for.
    var members: [UserMember] {
        var members = changes.members
        if metadataPatch != nil { members.append(.metadata) }
        if adminMetadataPatch != nil { members.append(.adminMetadata) }
        return members
    }

    /// The new values when this patch meets `user`.
    /// - Throws: ``UserError/invalid(_:)`` for merged metadata that may not be so,
    ///   ``UserError/corrupt(_:)`` for stored metadata that cannot be read.
    func changes(to user: User) throws(UserError) -> UserChanges {
        var changes = changes
        if let metadataPatch {
            changes.metadata = .set(try merge(metadataPatch, into: user.metadata, .metadata))
        }
        if let adminMetadataPatch {
            changes.adminMetadata = .set(
                try merge(adminMetadataPatch, into: user.adminMetadata, .adminMetadata))
        }
        return changes
    }

    private func merge(
        _ patch: JSONObject, into stored: Metadata, _ member: UserMember
    ) throws(UserError) -> Metadata {
        do {
            return try stored.merged(with: patch)
        } catch {
            switch error {
            case .invalid(let invalid): throw .invalid([UserFault(member, invalid)])
            case .unreadable: throw .corrupt("The stored \(member.rawValue) is no JSON object.")
            }
        }
    }
}
