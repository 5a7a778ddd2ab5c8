import Authentication
import Ambient
import MetricsTesting
import PrometheusMetrics
import Testing
import Tokens
import Users

@testable import App

@Suite("What is counted of accounts")
struct AccountMetricsTests {
    private let registry = MetricsRegistry(loopCount: 1)

    @Test func `every event has its series`() {
        let metrics = AccountMetrics(in: registry)
        #expect(registry.nonzeroLines == [])
        metrics.happened(.userRegistered(UserID(UUID(high: 1, low: 2))))
        metrics.happened(.userDeleted(UserID(UUID(high: 1, low: 2))))
        metrics.counted(.login(.succeeded))
        metrics.counted(.login(.accountDisabled))
        metrics.counted(.sessionBegan)
        metrics.counted(.sessionsEnded(7, .revoked))
        metrics.counted(.refresh(.invalidToken))
        metrics.counted(.accessRefused(.sessionEnded))
        #expect(
            registry.nonzeroLines == [
                #"access_tokens_refused_total{reason="session_ended"} 1"#,
                #"logins_total{outcome="succeeded"} 1"#,
                #"logins_total{outcome="account_disabled"} 1"#,
                #"sessions_ended_total{reason="revoked"} 7"#, "sessions_started_total 1",
                #"token_refreshes_total{outcome="invalid_token"} 1"#,
                "user_registrations_total 1",
            ])
    }

    @Test func `every kind of token that is none of ours has a series of its own`() {
        let metrics = AccountMetrics(in: registry)
        for invalid in InvalidToken.allCases { metrics.refused(invalid) }
        let reasons = [
            "too_long", "malformed", "wrong_type", "foreign_algorithm", "unknown_key",
            "wrong_signature", "foreign_issuer", "foreign_audience", "expired", "not_yet_valid",
        ]
        #expect(
            registry.nonzeroLines
                == reasons.map { "access_tokens_refused_total{reason=\"\($0)\"} 1" })
    }
}
