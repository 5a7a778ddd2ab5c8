/// Everything that keeps a request for users from being done.
package enum UserError: Error {
    /// There is no such user, or only a deleted one.
    case notFound
    /// Another user has the e-mail address.
    case emailTaken
    /// Another user has the external id.
    case externalIDTaken
    /// Another user has the chosen id.
    case idTaken
    /// The user has none of the versions that the caller expects.
    case versionMismatch
    /// The same attempt at making a user goes on already.
    case attemptRunning
    /// An attempt of this name has asked for something else.
    case attemptDiffers
    /// The user is the last active administrator, and has to stay one.
    case lastAdministrator
    /// A role that a user is to hold does not exist.
    case unknownRole
    /// There is no role of this name.
    case roleNotFound
    /// There is a role of this name already.
    case roleExists
    /// Somebody holds the role.
    case roleInUse
    /// The role is one that the service relies on.
    case roleBuiltIn
    /// There are as many roles as there may be.
    case tooManyRoles
    /// The current password that the caller gave is not the one that it has.
    case wrongCurrentPassword
    /// The user or role concerned has a permission that the caller lacks, or would get one.
    case outranked
    /// There were too many failures; worth another try after so many seconds.
    case throttled(retryAfterSeconds: Int64)
    /// The caller may not do this.
    case notPermitted(UserAction)
    /// The members that are not as they must be: all of them, and at least one.
    case invalid([UserFault])
    /// Nothing was done and it may be tried again later; the cause is for the log.
    case unavailable(Unavailability, cause: (any Error)?)
    /// Whether a write happened is not known; the cause is for the log.
    case outcomeUnknown(cause: (any Error)?)
    /// What is stored breaks a rule that the service keeps; the sentence is for the log.
    case corrupt(String)
    /// The storage failed in a way that has no case of its own; the error is for the log.
    case storage(any Error)
}

/// Why something cannot be done just now.
package enum Unavailability: Error, Hashable, Sendable {
    /// The storage does not answer, or not in time.
    case storageAway
    /// More is asked for than can be done: a queue is full.
    case overloaded
    /// Other writers changed the same user again and again in between.
    case contended
    /// A search takes longer than it may.
    case tooSlow
}

/// One fault of a request: where it is, its stable code, and what would be right.
package struct UserFault: Hashable, Sendable {
    /// The place in the request's JSON (RFC 6901): `/email`, `/roles/2`.
    package let pointer: String
    /// The stable code, for programs.
    package let code: FaultCode
    /// What would be right, in one English sentence.
    package let detail: String

    /// Makes a fault at `pointer`.
    package init(pointer: String, _ invalid: InvalidValue) {
        self.pointer = pointer
        self.code = invalid.code
        self.detail = invalid.detail
    }

    /// Makes a fault of a member of the user.
    package init(_ member: UserMember, _ invalid: InvalidValue) {
        self.init(pointer: member.pointer, invalid)
    }
}
