import Postgres
import Users

/// The columns of a user, in the order in which every statement here returns them.
enum UserRow {
    /// What a statement selects that returns many users.
    static let columnList = """
        id, external_id, email, email_key, email_verified, display_name, locale, time_zone, status,
        roles, metadata, admin_metadata, created_at, updated_at, password_changed_at, deleted_at,
        version
        """

    /// The same for a statement that returns one: seventeen columns cost more to describe than one
    /// record to put together. From the second row on it is the other way round, for the server.
    static let record = "ROW(\(columnList))"

    /// The user with the id `$1` who is not deleted, and whose version is `$2` unless that is NULL.
    static let expected = "id = $1 AND deleted_at IS NULL AND ($2::bigint IS NULL OR version = $2)"

    /// ``expected`` and a further condition, if nobody has locked the row, which is locked by that.
    /// The outer condition holds for a row that was changed since the statement began, too.
    static func expectedUnlocked(_ condition: String) -> String {
        """
        id = (SELECT id FROM users WHERE \(expected) FOR NO KEY UPDATE SKIP LOCKED)
            AND \(expected) AND \(condition)
        """
    }

    /// That roles allow nothing beyond the limit in a parameter, unless that is NULL, which costs
    /// nothing.
    static func areRoles(_ roles: String = "roles", within limit: String) -> String {
        "(\(limit)::text[] IS NULL OR roles_within(\(roles), \(limit)))"
    }

    /// How many sessions that had not run out by then the user of a statement that writes has had
    /// when it began.
    /// - Parameter time: A parameter, or an expression.
    static func sessionCount(at time: String) -> String {
        "(SELECT count(*) FROM sessions WHERE user_id = users.id AND expires_at > \(time))"
    }

    /// The columns' types.
    static let columns: [PostgresType] = [
        .uuid, .text, .text, .text, .bool, .text, .text, .text, .text,
        .textArray, .jsonb, .jsonb, .timestamptz, .timestamptz, .timestamptz, .timestamptz,
        .int8,
    ]

    // What most users have, so that reading them allocates nothing for it.
    private static let initialRoles = BinaryConstant(texts: RoleSet.initial.names.map(\.rawValue))
    private static let emptyMetadata = BinaryConstant(jsonb: Metadata.empty.text)

    /// Reads a user. The values were checked when they were written, and are not again.
    static func user(in row: inout Row) throws(PostgresError) -> User {
        User(
            id: UserID(try row.uuid()),
            externalID: try row.optionalText().map(ExternalID.init(trusted:)),
            email: try email(in: &row),
            isEmailVerified: try row.bool(),
            displayName: DisplayName(trusted: try row.text()),
            locale: try row.optionalText().map(LanguageTag.init(trusted:)),
            timeZone: try row.optionalText().map(TimeZoneName.init(trusted:)),
            status: try status(in: &row),
            roles: try roles(in: &row),
            metadata: try metadata(in: &row),
            adminMetadata: try metadata(in: &row),
            createdAt: try row.timestamp(), updatedAt: try row.timestamp(),
            passwordChangedAt: try row.optionalTimestamp(),
            deletedAt: try row.optionalTimestamp(), version: try row.int64())
    }

    /// Most addresses are their own keys, and then both share one string.
    private static func email(in row: inout Row) throws(PostgresError) -> EmailAddress {
        let address = try row.text()
        return EmailAddress(trusted: address, key: try row.text(likely: address))
    }

    private static func status(in row: inout Row) throws(PostgresError) -> UserStatus {
        guard let status = UserStatus(rawValue: try row.text()) else {
            throw .unexpectedResult("a status that is neither active nor disabled")
        }
        return status
    }

    private static func roles(in row: inout Row) throws(PostgresError) -> RoleSet {
        if try row.skip(initialRoles) { return .initial }
        return RoleSet(trusted: try row.texts(RoleName.init(trusted:)))
    }

    private static func metadata(in row: inout Row) throws(PostgresError) -> Metadata {
        if try row.skip(emptyMetadata) { return .empty }
        return Metadata(trusted: try row.jsonb())
    }
}
