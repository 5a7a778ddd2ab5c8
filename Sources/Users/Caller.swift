/// Who asks for something.
package enum Caller: Hashable, Sendable {
    /// Somebody without a token.
    case unauthenticated
    /// Somebody whose token was verified: which user, and what the user's roles allow.
    case authenticated(UserID, Set<Permission>)

    /// The caller as a user; nil if nobody knows which.
    package var id: UserID? {
        switch self {
        case .unauthenticated: nil
        case .authenticated(let id, _): id
        }
    }
}

/// What a role can allow its holders (docs/api.md).
package enum Permission: String, CaseIterable, Sendable {
    /// Reading and listing users.
    case usersRead = "users:read"
    /// Creating, changing and deleting users.
    case usersWrite = "users:write"
    /// Granting, revoking and defining roles.
    case rolesWrite = "roles:write"
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

    /// The permission that allows this with every user.
    package var permission: Permission {
        switch self {
        case .read, .list, .readDeleted: .usersRead
        case .register, .registerWhileClosed, .registerWithoutPassword, .readAdminMetadata,
            .replace, .delete, .deleteForGood, .restore:
            .usersWrite
        case .write(.roles): .rolesWrite
        case .write: .usersWrite
        }
    }
}

extension Caller {
    /// Whether the caller may do this. The rule is here and nowhere else.
    package func may(_ action: UserAction) -> Bool {
        switch self {
        case .unauthenticated: Self.isOpen(action)
        case .authenticated(_, let permissions): permissions.contains(action.permission)
        }
    }

    /// Refuses what the caller may not do.
    /// - Throws: ``UserError/notPermitted(_:)``.
    package func require(_ action: UserAction) throws(UserError) {
        guard may(action) else { throw .notPermitted(action) }
    }

    /// What is open to whoever reaches the service, as long as it only listens to its own machine.
    private static func isOpen(_ action: UserAction) -> Bool {
        switch action {
        case .register, .registerWithoutPassword, .read, .list, .delete: true
        case .registerWhileClosed, .readDeleted, .readAdminMetadata, .replace, .deleteForGood,
            .restore:
            false
        case .write(let member):
            switch member {
            case .email, .displayName, .locale, .timeZone, .metadata, .password: true
            case .id, .externalID, .status, .roles, .adminMetadata: false
            }
        }
    }
}
