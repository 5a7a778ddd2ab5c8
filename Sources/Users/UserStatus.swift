/// Whether a user may log in. Throttled logins and deletion are no status.
package enum UserStatus: String, CaseIterable, Sendable {
    /// May log in.
    case active
    /// May not.
    case disabled
}

extension UserStatus: ParsableFromText {
    /// Parses `active` or `disabled`.
    package init(parsing text: String) throws(InvalidValue) {
        guard let status = Self(rawValue: text) else {
            throw InvalidValue(.invalidStatus, "A status is active or disabled.")
        }
        self = status
    }
}
