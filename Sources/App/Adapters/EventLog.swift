import Authentication
import JSONLogging
import Logging
import RateLimiting
import Users

/// Writes a line for each event, which names users by their ids and by nothing else, and has it
/// counted.
struct EventLog: AuthenticationEvents, UserEvents {
    let logger: Logger
    let accounts: AccountMetrics
    let limits: RateLimitMetrics

    func happened(_ event: AuthenticationEvent) {
        switch event {
        case .loggedIn(let user, let session):
            log("User logged in", user, [.sessionID: "\(session.uuid)"])
        case .loginFailed(let user): log("Login failed", user)
        case .loginThrottled:
            limits.exceeded(.loginID, isEnforced: true)
            log("Login throttled")
        case .loginRefused(let user): log("Login refused to a disabled user", user)
        case .sessionsEnded(let user): log("Session ended", user)
        case .refreshTokenReused(let user, let session):
            log(
                "Refresh token reused, session ended", user, [.sessionID: "\(session.uuid)"],
                level: .warning)
        case .currentPasswordWrong(let user): log("Current password wrong", user)
        case .passwordChanged(let user): log("Password changed", user)
        case .lockoutCleared(let user): log("Lockout cleared", user)
        }
    }

    func counted(_ tally: AuthenticationTally) { accounts.counted(tally) }

    func happened(_ event: UserEvent) {
        accounts.happened(event)
        switch event {
        case .userRegistered(let user): log("User registered successfully", user)
        case .userStatusSet(let user, let status):
            log("User status set", user, [.userStatus: "\(status.rawValue)"])
        case .userRolesSet(let user): log("User roles set", user)
        case .roleGranted(let user, let role):
            log("Role granted", user, [.role: "\(role.rawValue)"])
        case .roleRevoked(let user, let role):
            log("Role revoked", user, [.role: "\(role.rawValue)"])
        case .userDeleted(let user): log("User deleted", user)
        case .userRemoved(let user): log("User removed", user)
        case .userRestored(let user): log("User restored", user)
        case .roleCreated(let role): log("Role created", nil, [.role: "\(role.rawValue)"])
        case .roleChanged(let role): log("Role changed", nil, [.role: "\(role.rawValue)"])
        case .roleDeleted(let role): log("Role deleted", nil, [.role: "\(role.rawValue)"])
        }
    }

    private func log(
        _ message: Logger.Message, _ user: UserID? = nil,
        _ more: KeyValuePairs<LogKey, Logger.MetadataValue> = [:], level: Logger.Level = .info
    ) {
        var metadata = Logger.Metadata.keyed(more)
        if let user { metadata[LogKey.userID.text] = "\(user.uuid)" }
        logger.log(level: level, message, metadata: metadata)
    }
}
