import TextNormalization
package import Users

/// What a login needs to know of a user.
package struct Account: Hashable, Sendable {
    /// The user.
    package let id: UserID
    /// The address, and the name: what a password may not have in it.
    package let email: EmailAddress
    /// The name that others see.
    package let displayName: DisplayName
    /// Whether the user may log in.
    package let status: UserStatus
    /// The hash of the password, in one of the formats that can be verified; nil without one.
    package let passwordHash: String?

    /// Makes an account of its parts.
    package init(
        id: UserID, email: EmailAddress, displayName: DisplayName, status: UserStatus,
        passwordHash: String?
    ) {
        self.id = id
        self.email = email
        self.displayName = displayName
        self.status = status
        self.passwordHash = passwordHash
    }
}

/// A password as somebody types it who wants to show that he knows it. No policy applies to it.
package struct PasswordCandidate: Sendable {
    /// What was typed; empty, which is nobody's password, if that was too long.
    package let typed: String
    /// The same in NFKC, as passwords are hashed here.
    package let normalised: String

    /// Takes what was typed.
    package init(_ text: String) {
        typed = text.utf8.count <= PasswordPolicy.octetsMax ? text : ""
        normalised = UnicodeText.nfkc(typed)
    }
}

/// What became of a candidate.
package enum PasswordVerdict: Hashable, Sendable {
    /// It is not the password.
    case wrong
    /// It is.
    case right
    /// It is, but its hash is not what would be made today.
    case rightButOutdated
}

/// Compares candidates with hashes, which takes long and must not hold the caller's thread.
package protocol PasswordChecker: Sendable {
    /// Whether a candidate is the password that was hashed. Without a hash it is wrong, after as
    /// long a time.
    /// - Parameter user: Whose hash it is, for those who have to be told that it cannot be used.
    /// - Throws: ``UserError/unavailable(_:cause:)`` when too many are waiting.
    func check(
        _ candidate: PasswordCandidate, against hash: String?, of user: UserID?
    ) async throws(UserError) -> PasswordVerdict

    /// A new hash of a candidate that is right.
    /// - Throws: As ``check(_:against:of:)`` does.
    func hash(_ candidate: PasswordCandidate) async throws(UserError) -> String
}
