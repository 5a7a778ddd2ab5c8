package import HTTP
import HTTPTypes
import RateLimiting
package import Users

extension Problem {
    /// How an error of the domain is told to a client.
    package init(_ error: UserError) {
        // No `default`: a new case must not compile before someone decides its status.
        switch error {
        case .notFound:
            self.init(of: .userNotFound)
        case .emailTaken: self.init(of: .emailTaken)
        case .externalIDTaken: self.init(of: .externalIDTaken)
        case .idTaken: self.init(of: .idTaken)
        case .versionMismatch:
            self.init(
                of: .versionMismatch,
                detail: "Read the user again and repeat the change with its new entity tag.")
        case .attemptRunning:
            self.init(of: .idempotencyInProgress, detail: "Try again in 1 s.")
            fields.appendNumber(.retryAfter, 1)
        case .attemptDiffers: self.init(of: .idempotencyKeyReused)
        case .lastAdministrator: self.init(of: .lastAdministrator)
        case .unknownRole:
            self.init(
                of: .validationFailed,
                faults: [
                    Fault(
                        pointer: UserMember.roles.pointer, code: FaultCode.unknownRole.rawValue,
                        detail: "One of the roles does not exist.")
                ])
        case .roleNotFound: self.init(of: .roleNotFound)
        case .roleExists: self.init(of: .roleExists)
        case .roleInUse: self.init(of: .roleInUse)
        case .roleBuiltIn: self.init(of: .roleBuiltIn)
        case .tooManyRoles: self.init(of: .roleLimitReached)
        case .wrongCurrentPassword: self.init(of: .wrongCurrentPassword)
        case .outranked:
            self.init(
                of: .forbidden,
                detail: "The user or role has, or would get, a permission that the caller lacks.")
        case .throttled(let seconds): self = .rateLimited(retryAfterSeconds: Int(seconds))
        case .notPermitted(let action):
            self = .forbidden(lacking: action.permission.rawValue)
        case .invalid(let faults):
            self.init(
                of: .validationFailed,
                faults: faults.map {
                    Fault(pointer: $0.pointer, code: $0.code.rawValue, detail: $0.detail)
                })
        case .unavailable(.tooSlow, let cause):
            self.init(of: .searchTimedOut, cause: cause)
            fields.appendNumber(.retryAfter, 1)
        case .unavailable(let reason, let cause):
            self = .unavailable(retryAfterSeconds: 1, cause: cause ?? reason)
        case .outcomeUnknown(let cause):
            self.init(
                of: .outcomeUnknown,
                detail: "Read the user before you repeat the change.", cause: cause)
            fields.appendNumber(.retryAfter, 1)
        case .corrupt(let problem): self = .internalError(cause: CorruptStorage(problem: problem))
        case .storage(let cause): self = .internalError(cause: cause)
        }
    }
}

/// What is stored breaks a rule of the service; for the log.
private struct CorruptStorage: Error, CustomStringConvertible {
    let problem: String

    var description: String { "corrupt storage: \(problem)" }
}
