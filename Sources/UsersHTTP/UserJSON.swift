import Ambient
import JSON
package import Users

extension JSONObjectWriter {
    /// Writes the members of a user in the order of docs/api.md.
    /// - Parameter includesAdminMetadata: Whether the reader may see `admin_metadata`.
    mutating func members(of user: User, includesAdminMetadata: Bool) {
        member("id", user.id.uuid)
        member("external_id", user.externalID?.rawValue)
        member("email", user.email.rawValue)
        member("email_verified", user.isEmailVerified)
        member("display_name", user.displayName.rawValue)
        member("locale", user.locale?.rawValue)
        member("time_zone", user.timeZone?.rawValue)
        member("status", user.status.rawValue)
        array("roles") { roles in
            for role in user.roles.names { roles.element(role.rawValue) }
        }
        member("metadata", json: user.metadata.text)
        if includesAdminMetadata { member("admin_metadata", json: user.adminMetadata.text) }
        member("created_at", user.createdAt)
        member("updated_at", user.updatedAt)
        member("password_changed_at", user.passwordChangedAt)
        member("deleted_at", user.deletedAt)
        member("version", user.version)
    }
}

/// Users as JSON texts, as one caller may see them.
package enum UserJSON {
    /// One user.
    package static func text(of user: User, for caller: Caller) -> [UInt8] {
        let isAdministrator = caller.may(.readAdminMetadata)
        return JSONWriter.object(capacity: 768) {
            $0.members(of: user, includesAdminMetadata: isAdministrator)
        }
    }

    /// A page of the list, docs/api.md.
    /// - Parameter cursor: The text of the place after which the next page begins, if there is one.
    static func text(of page: UserPage, next cursor: String?, for caller: Caller) -> [UInt8] {
        let isAdministrator = caller.may(.readAdminMetadata)
        return JSONWriter.object(capacity: 256 + 640 * page.items.count) { body in
            body.array("items") { items in
                // Through a span, which lends each user instead of copying it.
                let users = page.items.span
                for index in users.indices {
                    items.object {
                        $0.members(of: users[index], includesAdminMetadata: isAdministrator)
                    }
                }
            }
            body.member("next_cursor", cursor)
            body.member("has_more", cursor != nil)
            if let total = page.total { body.member("total", total) } else { body.null("total") }
        }
    }
}
