import JSON
import Users

extension UserDraft {
    /// Reads the user that a `POST /users` describes, or a `PUT /users/{id}`.
    /// - Parameter chosenID: The id in the path, if there is one, which the body may repeat.
    /// - Throws: ``UserError/invalid(_:)`` with every fault.
    init(
        _ value: JSONValue, id chosenID: UserID? = nil, passwordPolicy: PasswordPolicy
    ) throws(UserError) {
        var reader = try MemberReader(value)
        reader.refuseReadOnlyMembers()
        let email: EmailAddress? = reader.required(.email)
        let displayName: DisplayName? = reader.required(.displayName)
        let id: UserID? = reader.optional(.id)
        let externalID: ExternalID? = reader.optional(.externalID)
        let locale: LanguageTag? = reader.optional(.locale)
        let timeZone: TimeZoneName? = reader.optional(.timeZone)
        let status: Change<UserStatus> = reader.change(.status)
        let roles = reader.rolesChange()
        let metadata = reader.metadata(.metadata)
        let adminMetadata = reader.metadata(.adminMetadata)
        let password = reader.password(under: passwordPolicy)
        if let chosenID, let id, id != chosenID { reader.noteReadOnly(UserMember.id.rawValue) }
        try reader.finish()
        guard let email, let displayName else {
            preconditionFailure("A required member is missing without a fault.")
        }
        self.init(email: email, displayName: displayName)
        self.id = chosenID ?? id
        self.externalID = externalID
        self.locale = locale
        self.timeZone = timeZone
        if case .set(let value) = status { self.status = value }
        if case .set(let value) = roles { self.roles = value }
        self.metadata = metadata ?? .empty
        self.adminMetadata = adminMetadata ?? .empty
        self.password = password
    }
}

extension MemberReader {
    /// Members that only the service sets, other than the id.
    static let readOnlyNames = [
        "email_verified", "created_at", "updated_at", "password_changed_at", "deleted_at",
        "version",
    ]

    fileprivate mutating func refuseReadOnlyMembers() {
        for name in Self.readOnlyNames where self[name] != nil {
            noteReadOnly(name)
        }
    }

    /// A JSON object that may be absent.
    mutating func metadata(_ member: UserMember) -> Metadata? {
        guard let value = self[member.rawValue] else { return nil }
        do {
            return try Metadata(parsing: value)
        } catch {
            note(member, error)
            return nil
        }
    }

    fileprivate mutating func password(under policy: PasswordPolicy) -> Password? {
        do throws(InvalidValue) {
            switch self[UserMember.password.rawValue] {
            case nil: return nil
            case .string(let text): return try Password(parsing: text, under: policy)
            default: throw InvalidValue(.wrongType, "The member is a string.")
            }
        } catch {
            note(.password, error)
            return nil
        }
    }
}
