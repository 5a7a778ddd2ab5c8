import Authentication
import Logging
import MetricsTesting
import PrometheusMetrics
import Reactor
import Testing
import Users

@testable import App

@Suite("What is counted of passwords")
struct PasswordMetricsTests {
    private let registry = MetricsRegistry(loopCount: 1)

    private func passwords(on pool: OffloadPool) -> OffloadedPasswords {
        OffloadedPasswords(
            pool: pool, metrics: PasswordMetrics(in: registry, of: pool),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test func `a password counts with its wait and its work`() async throws {
        let pool = try OffloadPool(name: "hashing", threads: 1, queueMax: 1)
        defer { pool.stop() }
        let passwords = passwords(on: pool)
        #expect(registry.value(of: "password_hashing_threads") == "1")
        _ = try await passwords.hash(PasswordCandidate("seven quiet otters swim"))
        #expect(registry.value(of: "password_hashing_seconds_count") == "1")
        #expect(registry.value(of: "password_hashing_wait_seconds_count") == "1")
        #expect(registry.value(of: "password_hashing_queue") == "0")
    }

    @Test func `a password for which the queue has no room counts as rejected`() async throws {
        let pool = try OffloadPool(name: "hashing", threads: 1, queueMax: 0)
        defer { pool.stop() }
        let passwords = passwords(on: pool)
        do throws(UserError) {
            _ = try await passwords.hash(PasswordCandidate("seven quiet otters swim"))
            Issue.record("It was hashed.")
        } catch {
            guard case .unavailable(.overloaded, _) = error else {
                Issue.record("\(error)")
                return
            }
        }
        #expect(registry.value(of: #"password_hashing_rejected_total{reason="queue_full"}"#) == "1")
        #expect(registry.value(of: "password_hashing_seconds_count") == "0")
    }
}
