import Postgres
import Users

extension UserRow {
    /// The columns of a new user.
    private static let insertedColumns = [
        "id", "external_id", "email", "email_key", "email_verified", "display_name", "locale",
        "time_zone", "status", "roles", "metadata", "admin_metadata", "password_hash", "created_at",
        "updated_at", "password_changed_at", "version", "search_text",
    ]

    /// How many parameters a new user is: `$1` and those after it, one for each column and one for
    /// what its roles may allow at most.
    static let insertedCount = insertedColumns.count + 1

    /// The columns of a new user, for an INSERT.
    static let insertedColumnList = insertedColumns.joined(separator: ", ")

    /// Their values, which ``Parameters/append(_:passwordHash:within:)`` appends.
    static let insertedValueList = insertedColumns.indices.map { index in
        let (value, limit) = ("$\(index + 1)", "$\(insertedCount)")
        guard insertedColumns[index] == "roles" else { return value }
        return "CASE WHEN \(limit)::text[] IS NULL THEN \(value) "
            + "ELSE roles_granted(\(value), \(limit)) END"
    }.joined(separator: ", ")
}

extension Parameters {
    /// Appends what ``UserRow/insertedColumnList`` names, and what the roles may allow at most.
    mutating func append(
        _ user: User, passwordHash: String?, within limit: PermissionSet?
    ) throws(PostgresError) {
        try append(user.id.uuid)
        try append(user.externalID?.rawValue)
        try append(user.email.rawValue)
        try append(user.email.key)
        try append(user.isEmailVerified)
        try append(user.displayName.rawValue)
        try append(user.locale?.rawValue)
        try append(user.timeZone?.rawValue)
        try append(user.status.rawValue)
        try append(texts: user.roles.names, \.rawValue)
        try append(jsonb: user.metadata.text)
        try append(jsonb: user.adminMetadata.text)
        try append(passwordHash)
        try append(user.createdAt)
        try append(user.updatedAt)
        try append(user.passwordChangedAt)
        try append(user.version)
        try append(SearchText(displayName: user.displayName, email: user.email).rawValue)
        try append(limit)
    }

    /// Appends permissions as a `text[]`.
    mutating func append(_ permissions: PermissionSet?) throws(PostgresError) {
        try append(permissions?.permissions.map(\.rawValue))
    }
}
