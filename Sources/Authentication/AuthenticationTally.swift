import Users

/// Something of which operators want to know the number, and not each by itself.
package enum AuthenticationTally: Hashable, Sendable {
    /// An attempt to log in has ended.
    case login(LoginOutcome)
    /// A session has begun.
    case sessionBegan
    /// So many sessions have been ended.
    case sessionsEnded(Int, SessionEnding)
    /// An attempt to refresh tokens has ended.
    case refresh(RefreshOutcome)
    /// An access token that was good by itself has been refused.
    case accessRefused(AccessRefusal)
}

/// How an attempt to log in ended.
package enum LoginOutcome: String, CaseIterable, Sendable {
    /// With tokens.
    case succeeded
    /// The address or the password was not right.
    case invalidCredentials = "invalid_credentials"
    /// The password was right, and its user may not log in.
    case accountDisabled = "account_disabled"
    /// There had been too many failures before.
    case throttled
    /// It could not be told: the database was away, or passwords queued.
    case unavailable
}

/// How an attempt to refresh tokens ended.
package enum RefreshOutcome: String, CaseIterable, Sendable {
    /// With tokens.
    case succeeded
    /// The token was none of ours, or its session had ended.
    case invalidToken = "invalid_token"
    /// The token had been used before, and its session was ended.
    case reused
    /// It could not be told.
    case unavailable
}

/// Why a session was ended before its time; but for those that a login beyond
/// ``Session/listedMax`` ends, which are not counted.
package enum SessionEnding: String, CaseIterable, Sendable {
    /// Its client has logged out.
    case loggedOut = "logged_out"
    /// Its user, or an administrator, has ended it from elsewhere.
    case revoked
    /// A refresh token of it had been used before.
    case tokenReused = "token_reused"
    /// Its user has another password.
    case passwordChanged = "password_changed"
    /// Its user was disabled, deleted or removed.
    case accountClosed = "account_closed"
}

/// Why an access token was refused although it is ours and in force.
package enum AccessRefusal: String, CaseIterable, Error {
    /// Its session has ended, or its user may not log in.
    case sessionEnded = "session_ended"
    /// What its user may do has changed since it was made.
    case accessChanged = "access_changed"
}

extension LoginOutcome {
    init(_ error: AuthenticationError) {
        switch error {
        case .invalidCredentials: self = .invalidCredentials
        case .accountDisabled: self = .accountDisabled
        case .failed(.throttled): self = .throttled
        case .invalidRefreshToken, .refreshTokenReused, .sessionNotFound, .failed:
            self = .unavailable
        }
    }
}

extension RefreshOutcome {
    init(_ error: AuthenticationError) {
        switch error {
        case .invalidRefreshToken: self = .invalidToken
        case .refreshTokenReused: self = .reused
        case .invalidCredentials, .accountDisabled, .sessionNotFound, .failed: self = .unavailable
        }
    }
}
