import HTTPTypes
package import HTTP

extension ProblemKind {
    /// All kinds of problems that logins and sessions have, beside those that any service has.
    package static let authentication: [ProblemKind] = [
        .invalidCredentials, .accountDisabled, .invalidRefreshToken, .refreshTokenReused,
        .sessionNotFound,
    ]

    static let invalidCredentials = ProblemKind(
        code: "invalid_credentials", status: .unauthorized,
        title: "The address or the password is wrong",
        meaning: "Nobody can log in with this address and this password. Whether there is such a "
            + "user is not told.",
        remedy: "Try again with the right ones; after some failures there is a wait.")

    static let accountDisabled = ProblemKind(
        code: "account_disabled", status: .forbidden, title: "The account is disabled",
        meaning: "The password is right, but an administrator has disabled the account.",
        remedy: "Ask an administrator to set the status to active.")

    static let invalidRefreshToken = ProblemKind(
        code: "invalid_refresh_token", status: .unauthorized,
        title: "The refresh token is not valid",
        meaning: "The refresh token is none of this service, or its session has ended.",
        remedy: "Log in again.")

    static let refreshTokenReused = ProblemKind(
        code: "refresh_token_reused", status: .unauthorized,
        title: "The refresh token has been used before",
        meaning: "A refresh token is good once. That this one came again means that two have it, "
            + "so its session has been ended.",
        remedy: "Log in again. If it was not the client itself that used it twice, it was stolen.")

    static let sessionNotFound = ProblemKind(
        code: "session_not_found", status: .notFound, title: "There is no such session",
        meaning: "The user has no session of this id, or it has ended.",
        remedy: "List the user's sessions.")
}
