import Authentication
import PrometheusMetrics
import Tokens
import Users

/// Counts what is done with accounts.
struct AccountMetrics: Sendable {
    private let registrations: Counter<NoLabel>
    private let logins: Counter<LoginOutcome>
    private let sessionsBegun: Counter<NoLabel>
    private let sessionsEnded: Counter<SessionEnding>
    private let refreshes: Counter<RefreshOutcome>
    private let tokensRefused: Counter<TokenRefusal>
    private let shard: MetricsShard

    init(in registry: MetricsRegistry) {
        registrations = Counter(
            "user_registrations_total", "Users who were made, by themselves or by others.",
            in: registry)
        logins = Counter(
            "logins_total", "Attempts to log in, by how they ended.", by: .label("outcome"),
            in: registry)
        sessionsBegun = Counter(
            "sessions_started_total", "Sessions that logins have begun.", in: registry)
        sessionsEnded = Counter(
            "sessions_ended_total",
            "Sessions that were ended before their time.", by: .label("reason"), in: registry)
        refreshes = Counter(
            "token_refreshes_total", "Attempts to refresh tokens, by how they ended.",
            by: .label("outcome"), in: registry)
        tokensRefused = Counter(
            "access_tokens_refused_total", "Access tokens that were refused.",
            by: .label("reason"), in: registry)
        // Each of these events has cost the database a round trip, or a signature's verification.
        shard = registry.sharedShard
    }

    /// Counts an event; from any thread.
    func happened(_ event: UserEvent) {
        if case .userRegistered = event { registrations.add(on: shard) }
    }

    /// Counts what the domain of logins wants to have counted; from any thread.
    func counted(_ tally: AuthenticationTally) {
        switch tally {
        case .login(let outcome): logins.add(outcome, on: shard)
        case .sessionBegan: sessionsBegun.add(on: shard)
        case .sessionsEnded(let count, let ending):
            sessionsEnded.add(ending, count: count, on: shard)
        case .refresh(let outcome): refreshes.add(outcome, on: shard)
        case .accessRefused(let refusal): tokensRefused.add(TokenRefusal(refusal), on: shard)
        }
    }

    /// Counts a token that is none of ours, or not in force; from any thread.
    func refused(_ invalid: InvalidToken) { tokensRefused.add(TokenRefusal(invalid), on: shard) }
}

extension LoginOutcome: ClosedLabel {}
extension RefreshOutcome: ClosedLabel {}
extension SessionEnding: ClosedLabel {}

/// Why an access token was refused, for whatever reason.
private enum TokenRefusal: String, ClosedLabel {
    case tooLong = "too_long"
    case malformed
    case wrongType = "wrong_type"
    case foreignAlgorithm = "foreign_algorithm"
    case unknownKey = "unknown_key"
    case wrongSignature = "wrong_signature"
    case foreignIssuer = "foreign_issuer"
    case foreignAudience = "foreign_audience"
    case expired
    case notYetValid = "not_yet_valid"
    case sessionEnded = "session_ended"
    case accessChanged = "access_changed"

    init(_ invalid: InvalidToken) {
        switch invalid {
        case .tooLong: self = .tooLong
        case .malformed: self = .malformed
        case .wrongType: self = .wrongType
        case .foreignAlgorithm: self = .foreignAlgorithm
        case .unknownKey: self = .unknownKey
        case .wrongSignature: self = .wrongSignature
        case .foreignIssuer: self = .foreignIssuer
        case .foreignAudience: self = .foreignAudience
        case .expired: self = .expired
        case .notYetValid: self = .notYetValid
        }
    }

    init(_ refusal: AccessRefusal) {
        switch refusal {
        case .sessionEnded: self = .sessionEnded
        case .accessChanged: self = .accessChanged
        }
    }
}
