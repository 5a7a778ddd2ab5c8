/// Who asks for something.
package enum Caller: Hashable, Sendable {
    /// Somebody without a token.
    case unauthenticated
    /// Somebody whose token was verified: which user, and what the user's roles allow.
    case authenticated(UserID, PermissionSet)

    /// The caller as a user; nil if nobody knows which.
    package var id: UserID? {
        switch self {
        case .unauthenticated: nil
        case .authenticated(let id, _): id
        }
    }
}

/// What can be asked for: the questions that ``Caller/may(_:)`` answers.
package enum UserAction: Hashable, Sendable {
    /// Making a user.
    case register
    /// Making a user while not everybody may.
    case registerWhileClosed
    /// Making a user who has no password.
    case registerWithoutPassword
    /// Reading one user.
    case read
    /// Reading users page by page.
    case list
    /// Reading users who are deleted.
    case readDeleted
    /// Seeing `admin_metadata`.
    case readAdminMetadata
    /// Giving a member a value, of a new user or of one who is there.
    case write(UserMember)
    /// Giving all of a user's members other values at once.
    case replace
    /// Deleting a user who can be restored.
    case delete
    /// Deleting a user for good.
    case deleteForGood
    /// Bringing a deleted user back.
    case restore
    /// Reading the roles of a user, beside the rest of it.
    case readRoles
    /// Reading, making, changing and deleting roles.
    case manageRoles

    /// The permission that allows this with every user.
    package var permission: Permission {
        switch self {
        case .read, .list, .readDeleted: .usersRead
        case .register, .registerWhileClosed, .registerWithoutPassword, .readAdminMetadata,
            .replace, .delete, .deleteForGood, .restore:
            .usersWrite
        case .write(.roles), .readRoles, .manageRoles: .rolesWrite
        case .write: .usersWrite
        }
    }
}

extension Caller {
    /// What the caller is allowed with every user.
    package var permissions: PermissionSet {
        switch self {
        case .unauthenticated: []
        case .authenticated(_, let permissions): permissions
        }
    }

    /// Whether the caller may do this, whoever it concerns. The rule is here and nowhere else.
    package func may(_ action: UserAction) -> Bool {
        action.isOpen || permissions.contains(PermissionSet(action.permission))
    }

    /// Whether the caller may do this with a user, who may be the caller.
    package func may(_ action: UserAction, with id: UserID) -> Bool {
        may(action) || self.id == id && action.isOwn
    }

    /// Whether the caller may do this with a user after giving that user's password again, which
    /// is the caller's own.
    package func mayWithPassword(_ action: UserAction, with id: UserID) -> Bool {
        self.id == id && action.isOwnWithPassword
    }

    /// What somebody may be allowed whom the caller changes, or a role that the caller gives or
    /// changes; nil if that is no matter, since the caller is allowed everything.
    package var limit: PermissionSet? { permissions == .all ? nil : permissions }

    /// What a user may be allowed whom the caller changes: that is no matter if it is the caller.
    package func limit(with id: UserID) -> PermissionSet? { self.id == id ? nil : limit }

    /// Refuses what the caller may not do.
    /// - Throws: ``UserError/notPermitted(_:)``.
    package func require(_ action: UserAction) throws(UserError) {
        guard may(action) else { throw .notPermitted(action) }
    }

    /// Refuses what the caller may not do with a user.
    /// - Throws: ``UserError/notPermitted(_:)``.
    package func require(_ action: UserAction, with id: UserID) throws(UserError) {
        guard may(action, with: id) else { throw .notPermitted(action) }
    }
}

extension UserAction {
    /// Whether everybody may do this.
    fileprivate var isOpen: Bool { self == .register }

    /// Whether users may do this with themselves.
    fileprivate var isOwn: Bool {
        switch self {
        case .read, .delete: true
        case .write(let member):
            switch member {
            case .displayName, .locale, .timeZone, .metadata: true
            case .id, .externalID, .email, .status, .roles, .adminMetadata, .password: false
            }
        case .register, .registerWhileClosed, .registerWithoutPassword, .list, .readDeleted,
            .readAdminMetadata, .replace, .deleteForGood, .restore, .readRoles, .manageRoles:
            false
        }
    }

    /// Whether users may do this with themselves if they give their password again.
    fileprivate var isOwnWithPassword: Bool { self == .write(.email) }
}
