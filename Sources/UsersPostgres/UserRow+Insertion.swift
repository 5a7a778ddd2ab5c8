import Postgres
import Users

extension UserRow {
    /// The columns of a new user.
    private static let insertedColumns = [
        "id", "external_id", "email", "email_key", "email_verified", "display_name", "locale",
        "time_zone", "status", "roles", "metadata", "admin_metadata", "password_hash", "created_at",
        "updated_at", "password_changed_at", "version", "search_text",
    ]

    /// How many parameters a new user is: `$1` and those after it.
    static let insertedCount = insertedColumns.count

    /// The columns of a new user, for an INSERT.
    static let insertedColumnList = insertedColumns.joined(separator: ", ")

    /// Their values, which ``Parameters/append(_:passwordHash:)`` appends.
    static let insertedValueList = (1...insertedCount).map { "$\($0)" }.joined(separator: ", ")
}

extension Parameters {
    /// Appends what ``UserRow/insertedColumnList`` names.
    mutating func append(_ user: User, passwordHash: String?) throws(PostgresError) {
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
    }
}
