import Ambient
import Users

/// An administrator whom no administrator makes: the operators do.
struct FirstAdministrator: Sendable {
    private static let displayName = "Administrator"

    private let draft: UserDraft
    let password: Password

    /// - Throws: ``InvalidValue`` for a password that may not be one.
    init(
        email: EmailAddress, displayName: DisplayName? = nil, password text: String,
        policy: PasswordPolicy
    ) throws(InvalidValue) {
        let name =
            if let displayName { displayName } else { try DisplayName(parsing: Self.displayName) }
        password = try Password(parsing: text, under: policy)
        try password.check(email: email, displayName: name)
        var draft = UserDraft(email: email, displayName: name)
        draft.roles = try RoleSet([.admin, .member])
        draft.password = password
        self.draft = draft
    }

    /// The one that the configuration asks for; nil if it asks for none.
    /// - Throws: ``StartFailure/bootstrapPassword(_:)``.
    init?(_ settings: BootstrapSettings, policy: PasswordPolicy) throws(StartFailure) {
        guard let email = settings.email, let password = settings.password else { return nil }
        do {
            try self.init(email: email, password: password.rawValue, policy: policy)
        } catch {
            throw .bootstrapPassword(error.detail)
        }
    }

    /// The user as it is to be kept.
    func user(id: UserID, at time: Timestamp) -> User { User(draft, id: id, at: time) }
}
