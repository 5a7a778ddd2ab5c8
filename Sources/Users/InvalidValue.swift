/// Why a text or value does not become a domain value: a code that stays and a sentence.
package struct InvalidValue: Error, Hashable {
    /// The stable code, for programs.
    package let code: FaultCode
    /// What would be right, in one English sentence, for people; never the value given.
    package let detail: String

    /// Makes a refusal.
    package init(_ code: FaultCode, _ detail: String) {
        self.code = code
        self.detail = detail
    }
}

/// The codes of faults in a request's members; clients rely on their raw values.
package enum FaultCode: String, CaseIterable, Sendable {
    /// The member must be there.
    case required
    /// The member has another JSON type than its own.
    case wrongType = "wrong_type"
    /// The member cannot be changed by clients.
    case readOnly = "read_only"
    /// The text has too few characters.
    case tooShort = "too_short"
    /// The text has too many characters.
    case tooLong = "too_long"
    /// The JSON value's text has too many octets.
    case tooLarge = "too_large"
    /// The number lies outside its range.
    case outOfRange = "out_of_range"
    /// Not a UUID.
    case invalidID = "invalid_id"
    /// Not an e-mail address.
    case invalidEmail = "invalid_email"
    /// A name with code points that a name does not have.
    case invalidDisplayName = "invalid_display_name"
    /// Not a language tag.
    case invalidLocale = "invalid_locale"
    /// Not the name of a time zone.
    case invalidTimeZone = "invalid_time_zone"
    /// An external id with control characters.
    case invalidExternalID = "invalid_external_id"
    /// Not a status.
    case invalidStatus = "invalid_status"
    /// Not the name of a role.
    case invalidRole = "invalid_role"
    /// There is no role of this name.
    case unknownRole = "unknown_role"
    /// Not a permission.
    case invalidPermission = "invalid_permission"
    /// More roles than a user may hold.
    case tooManyRoles = "too_many_roles"
    /// Metadata that the database cannot keep.
    case invalidMetadata = "invalid_metadata"
    /// A search term with code points that nothing has in which it is looked for.
    case invalidTerm = "invalid_term"
    /// A password of runs and repeats.
    case passwordPredictable = "password_predictable"
    /// A password that many people have chosen.
    case passwordCommon = "password_common"
    /// A password that has the e-mail's local part in it.
    case passwordContainsEmail = "password_contains_email"
    /// A password that has the display name in it.
    case passwordContainsName = "password_contains_name"
}

/// A domain value that clients write as one string.
package protocol ParsableFromText: Hashable, Sendable {
    /// Makes a value from what a client wrote.
    /// - Throws: why it is not such a value.
    init(parsing text: String) throws(InvalidValue)
}
