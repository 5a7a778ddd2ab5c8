import HTTP
import HTTPTypes
import Users

extension Problem {
    /// How an error of the domain is told to a client.
    init(_ error: UserError) {
        // No `default`: a new case must not compile before someone decides its status.
        switch error {
        case .notFound:
            self.init(status: .notFound, code: "user_not_found", title: "There is no such user")
        case .emailTaken:
            self = .taken(
                code: "email_taken", title: "The e-mail address is in use", pointer: "/email")
        case .externalIDTaken:
            self = .taken(
                code: "external_id_taken", title: "The external id is in use",
                pointer: "/external_id")
        case .idTaken:
            self = .taken(code: "id_taken", title: "The id is in use", pointer: "/id")
        case .versionMismatch:
            self.init(
                status: .preconditionFailed, code: "version_mismatch",
                title: "The user has changed since it was read",
                detail: "Read the user again and repeat the change with its new entity tag.")
        case .notPermitted(let action):
            self.init(
                status: .forbidden, code: "forbidden", title: "This is not allowed",
                detail: "It needs the permission \(action.permission.rawValue).")
        case .invalid(let faults):
            self.init(
                status: .unprocessableContent, code: "validation_failed",
                title: "The request has invalid members",
                faults: faults.map {
                    Fault(pointer: $0.pointer, code: $0.code.rawValue, detail: $0.detail)
                })
        case .unavailable(let reason, let cause):
            self = .unavailable(retryAfterSeconds: 1, cause: cause ?? reason)
        case .outcomeUnknown(let cause):
            self.init(
                status: .serviceUnavailable, code: "outcome_unknown",
                title: "It is not known whether the change took effect",
                detail: "Read the user before you repeat the change.", cause: cause)
            fields.appendNumber(.retryAfter, 1)
        case .corrupt(let problem): self = .internalError(cause: CorruptStorage(problem: problem))
        case .storage(let cause): self = .internalError(cause: cause)
        }
    }

    private static func taken(code: String, title: String, pointer: String) -> Problem {
        Problem(
            status: .conflict, code: code, title: title,
            faults: [Fault(pointer: pointer, code: code, detail: title + ".")])
    }
}

/// What is stored breaks a rule of the service; for the log.
private struct CorruptStorage: Error, CustomStringConvertible {
    let problem: String

    var description: String { "corrupt storage: \(problem)" }
}
