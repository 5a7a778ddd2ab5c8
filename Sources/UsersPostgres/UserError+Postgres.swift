package import Postgres
package import Users

extension UserError {
    /// What an error of the database means for users: by SQLSTATE and constraint, never by its
    /// message.
    package init(_ error: PostgresError) {
        switch error {
        case .server(let serverError): self.init(serverError)
        case .connectionFailed, .connectionLost, .timedOut, .cancelled, .closed:
            self = .unavailable(.storageAway, cause: error)
        case .overloaded: self = .unavailable(.overloaded, cause: error)
        case .outcomeUnknown: self = .outcomeUnknown(cause: error)
        case .unexpectedResult(let problem): self = .corrupt(problem)
        case .invalidParameter, .invalidConfiguration: self = .storage(error)
        }
    }

    private init(_ error: ServerError) {
        let cause = PostgresError.server(error)
        switch (error.sqlState, error.constraint) {
        case ("23505", "users_email_key_live"): self = .emailTaken
        case ("23505", "users_external_id_live"): self = .externalIDTaken
        case ("23505", "users_pkey"): self = .idTaken
        case ("23503", "users_roles_exist"): self = .unknownRole
        case ("23514", "users_roles_count"):
            self = .invalid([UserFault(.roles, RoleSet.tooMany)])
        case ("23514", "users_last_administrator"): self = .lastAdministrator
        case ("23505", "roles_pkey"): self = .roleExists
        case ("23514", "roles_built_in"): self = .roleBuiltIn
        case ("42501", "users_roles_within"): self = .outranked
        case ("40001", _), ("40P01", _): self = .unavailable(.contended, cause: cause)
        case let (state, _) where state.isOfServerInTrouble:
            self = .unavailable(.storageAway, cause: cause)
        default: self = .storage(cause)
        }
    }
}

extension String {
    /// Whether an SQLSTATE tells that the server cannot work at the moment: insufficient
    /// resources, an operator's intervention or a statement that took too long, an error of the
    /// system, or a server that is read-only (PostgreSQL documentation, appendix A).
    var isOfServerInTrouble: Bool {
        hasPrefix("53") || hasPrefix("57") || hasPrefix("58") || self == "25006"
    }
}
