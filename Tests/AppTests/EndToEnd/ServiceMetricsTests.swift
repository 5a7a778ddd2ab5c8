import HTTPTesting
import MetricsTesting
import Postgres
import PostgresTesting
import PrometheusMetrics
import Testing

@testable import App

@Suite("What the service counts", .timeLimit(.minutes(5)))
struct ServiceMetricsTests {
    @Test func `logins, tokens, hashes, statements and checks of health are counted`()
        async throws
    {
        try await withApplication { application, database in
            let user = try database.connect().add()
            let session = try await application.session(of: user)
            _ = try await application.logIn(user.email, "not the password at all")
            #expect(try await application.status(with: session) == 200)
            #expect(
                try await application.send("GET /users/me", as: .token("rubbish")).status == 401)
            let ready = try await application.report(of: "/health/ready") { $0.status == 200 }
            #expect(ready.status == 200)
            for (series, expected) in [
                (#"logins_total{outcome="succeeded"}"#, "1"),
                (#"logins_total{outcome="invalid_credentials"}"#, "1"),
                ("sessions_started_total", "1"),
                (#"access_tokens_refused_total{reason="malformed"}"#, "1"),
                ("password_hashing_seconds_count", "2"),
                (#"database_query_seconds_count{statement="sessions_begin"}"#, "1"),
                (#"database_query_seconds_count{statement="accounts_by_email"}"#, "2"),
                ("database_connections_max", "20"), ("database_up", "1"),
                ("database_schema_current", "1"),
            ] {
                #expect(application.value(of: series) == expected[...], "\(series)")
            }
            for loop in 0...1 {
                let turns = application.value(of: "event_loop_turn_seconds_count{loop=\"\(loop)\"}")
                #expect(turns != nil && turns != "0")
            }
        }
    }

    @Test func `sessions that end with a password or with their user are counted`() async throws {
        try await withApplication { application, database in
            let user = try database.connect().add()
            func ended(_ reason: String) -> Substring? {
                application.value(of: "sessions_ended_total{reason=\"\(reason)\"}")
            }
            let password = #"{"password":"\#(TestAdministrator.password)"}"#
            for (logins, line, json, expected) in [
                (2, "PUT \(user.path)/password", password, "0"),
                (1, "PATCH \(user.path)", #"{"display_name":"Ada"}"#, "0"),
                (0, "PATCH \(user.path)", #"{"status":"disabled"}"#, "1"),
                (0, "PATCH \(user.path)", #"{"status":"active"}"#, "1"),
                (2, "DELETE \(user.path)", nil, "3"),
                (0, "POST \(user.path)/restore", nil, "3"),
                (1, "DELETE \(user.path)?mode=hard", nil, "4"),
            ] {
                for _ in 0..<logins { _ = try await application.session(of: user) }
                #expect(try await application.send(line, json).status / 100 == 2, "\(line)")
                #expect(ended("account_closed") == expected[...], "\(line)")
            }
            #expect(ended("password_changed") == "2" && ended("revoked") == "0")
        }
    }

    @Test func `sessions that had run out before are not counted as ended`() async throws {
        try await withApplication { application, database in
            let connection = try database.connect()
            let password = #"{"password":"\#(TestAdministrator.password)"}"#
            for (line, json, reason) in [
                ("PUT /password", password, "password_changed"),
                ("PATCH ", #"{"status":"disabled"}"#, "account_closed"),
                ("DELETE ", nil, "account_closed"), ("DELETE ?mode=hard", nil, "account_closed"),
                ("DELETE /sessions", nil, "revoked"),
            ] {
                let user = try connection.add()
                for _ in 0..<2 { _ = try await application.session(of: user) }
                try connection.execute(
                    """
                    UPDATE sessions SET expires_at = now() - interval '1 s' WHERE ctid = (
                        SELECT ctid FROM sessions WHERE user_id = '\(user.id)' LIMIT 1
                    )
                    """)
                let series = "sessions_ended_total{reason=\"\(reason)\"}"
                let before = application.value(of: series).flatMap { Int($0) } ?? 0
                let target = line.replacing(" ", with: " \(user.path)")
                #expect(try await application.send(target, json).status / 100 == 2, "\(line)")
                #expect(application.value(of: series) == "\(before + 1)", "\(line)")
            }
        }
    }

    @Test func `whether changes of access are heard of is told`() async throws {
        try await withApplication { application, _ in
            #expect(await eventually { application.value(of: "access_notifications_up") == "1" })
        }
    }
}

extension TestApplication {
    /// What a series has counted, without a request for it; nil if there is no such series.
    fileprivate func value(of series: String) -> Substring? { metrics.value(of: series) }
}
