package import Ambient
import Postgres
package import Users

extension PostgresUserRepository {
    /// Every member has a flag, which says whether it changes, before its value: one statement
    /// serves every combination, prepared once.
    private static let update = UserChange<UserUpdate, (user: User, sessions: Int64)>(
        "users_update",
        updateText(
            where: "\(UserRow.expected) AND \(isWithin)",
            sessions: """
                CASE WHEN $15 AND $16 <> 'active' THEN \(UserRow.sessionCount(at: "$3")) ELSE 0 END
                """),
        // An external id and an address may be taken, an administrator may be the last one, and
        // a role may be unknown. The status stays, so no session ends.
        batched: updateText(
            where: "NOT ($4 OR $6 OR $15 OR $17) AND \(UserRow.expectedUnlocked(isWithin))",
            sessions: "0::bigint"),
        columns: UserRow.columns + [.int8], octetCount: 512, user: \.id,
        encode: { update, parameters throws(PostgresError) in
            let changes = update.changes
            try parameters.append(update.id.uuid)
            try parameters.append(update.condition.version)
            try parameters.append(update.time)
            try parameters.append(text: changes.externalID) { $0?.rawValue }
            try parameters.append(text: changes.email) { $0.rawValue }
            try parameters.append(changes.email.value?.key)
            try parameters.append(text: changes.displayName) { $0.rawValue }
            try parameters.append(text: changes.locale) { $0?.rawValue }
            try parameters.append(text: changes.timeZone) { $0?.rawValue }
            try parameters.append(text: changes.status) { $0.rawValue }
            try parameters.append(roles: changes.roles)
            try parameters.append(jsonb: changes.metadata)
            try parameters.append(jsonb: changes.adminMetadata)
            try parameters.append(changes.displayName.value.map(SearchText.folded))
            try parameters.append(changes.email.value.map(SearchText.folded))
            try parameters.append(update.condition.limit)
        },
        decode: { row throws(PostgresError) in
            (user: try UserRow.user(in: &row), sessions: try row.int64())
        })

    /// The roles that the user holds and those that it is given.
    private static let isWithin = UserRow.areRoles("roles || $18", within: "$25")

    /// A search text that is still to be filled stays so: half of it would pass for the whole.
    /// - Parameter sessions: How many sessions the update ends.
    private static func updateText(where condition: String, sessions: String) -> String {
        """
        UPDATE users SET
            external_id = CASE WHEN $4 THEN $5 ELSE external_id END,
            email = CASE WHEN $6 THEN $7 ELSE email END,
            email_key = CASE WHEN $6 THEN $8 ELSE email_key END,
            email_verified = email_verified AND (NOT $6 OR email = $7),
            display_name = CASE WHEN $9 THEN $10 ELSE display_name END,
            locale = CASE WHEN $11 THEN $12 ELSE locale END,
            time_zone = CASE WHEN $13 THEN $14 ELSE time_zone END,
            status = CASE WHEN $15 THEN $16 ELSE status END,
            roles = CASE WHEN $17 THEN $18 ELSE roles END,
            metadata = CASE WHEN $19 THEN $20 ELSE metadata END,
            admin_metadata = CASE WHEN $21 THEN $22 ELSE admin_metadata END,
            search_text = CASE
                WHEN NOT ($6 OR $9) OR search_text = '' THEN search_text
                ELSE coalesce($23, split_part(search_text, E'\\n', 1)) || E'\\n'
                    || coalesce($24, split_part(search_text, E'\\n', 2))
            END,
            updated_at = $3,
            version = version + 1
        WHERE \(condition)
        RETURNING ROW(\(UserRow.columnList), \(sessions))
        """
    }

    /// Updates a user if it is there and meets the condition.
    package func update(
        _ id: UserID, _ changes: UserChanges, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> User? {
        let update = UserUpdate(id: id, changes: changes, condition: condition, time: time)
        do {
            let updated = try await pool.row(Self.update, update, forgettingIn: cache)
            guard let updated else { return nil }
            if updated.sessions > 0 { onSessionsEnded(Int(updated.sessions)) }
            return updated.user
        } catch {
            throw UserError(error)
        }
    }
}

/// What an update is told.
private struct UserUpdate {
    let id: UserID
    let changes: UserChanges
    let condition: WriteCondition
    let time: Timestamp
}

extension Parameters {
    /// Appends a flag and a text.
    fileprivate mutating func append<Value>(
        text change: Change<Value>, _ text: (Value) -> String?
    ) throws(PostgresError) {
        try append(!change.isKept)
        try append(change.value.flatMap(text))
    }

    /// Appends a flag and an array of text.
    fileprivate mutating func append(roles change: Change<RoleSet>) throws(PostgresError) {
        try append(!change.isKept)
        try append(change.value?.names.map(\.rawValue))
    }

    /// Appends a flag and a JSON text.
    fileprivate mutating func append(jsonb change: Change<Metadata>) throws(PostgresError) {
        try append(!change.isKept)
        try append(jsonb: change.value?.text)
    }
}
