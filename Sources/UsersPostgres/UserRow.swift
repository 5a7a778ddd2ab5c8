import Postgres
import Users

/// The columns of a user, in the order in which every statement here returns them.
enum UserRow {
    /// What a statement selects or returns.
    static let columnList = """
        id, external_id, email, email_key, email_verified, display_name, locale, time_zone, status,
        roles, metadata, admin_metadata, created_at, updated_at, password_changed_at, deleted_at,
        version
        """

    /// The columns' types.
    static let columns: [PostgresType] = [
        .uuid, .text, .text, .text, .bool, .text, .text, .text, .text,
        .textArray, .jsonb, .jsonb, .timestamptz, .timestamptz, .timestamptz, .timestamptz,
        .int8,
    ]

    /// Reads a user. The values were checked when they were written, and are not again.
    static func user(in row: Row) throws(PostgresError) -> User {
        guard let status = UserStatus(rawValue: try row.text(8)) else {
            throw .unexpectedResult("a status that is neither active nor disabled")
        }
        return User(
            id: UserID(try row.uuid(0)),
            externalID: try row.optionalText(1).map(ExternalID.init(trusted:)),
            email: EmailAddress(trusted: try row.text(2), key: try row.text(3)),
            isEmailVerified: try row.bool(4),
            displayName: DisplayName(trusted: try row.text(5)),
            locale: try row.optionalText(6).map(LanguageTag.init(trusted:)),
            timeZone: try row.optionalText(7).map(TimeZoneName.init(trusted:)),
            status: status,
            roles: RoleSet(trusted: try row.texts(9).map(RoleName.init(trusted:))),
            metadata: Metadata(trusted: try row.jsonb(10)),
            adminMetadata: Metadata(trusted: try row.jsonb(11)),
            createdAt: try row.timestamp(12), updatedAt: try row.timestamp(13),
            passwordChangedAt: try row.optionalTimestamp(14),
            deletedAt: try row.optionalTimestamp(15), version: try row.int64(16))
    }
}
