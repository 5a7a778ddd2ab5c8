import HTTPTesting
import PostgresTesting
import PrometheusMetrics
import Reactor
import RedisTesting
import Testing

@testable import App

@Suite("Limits that processes share")
struct SharedLimitsTests {
    /// How long the service waits for Redis here: a machine that is busy is slow.
    private static func variables(_ redis: TestRedis) -> [String: String] {
        [
            "RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_IP": "3/1h", "REDIS_TIMEOUT": "1s",
            "REDIS_URL": redis.url,
        ]
    }

    /// The status of a request of somebody, and how many he may send yet.
    private func answer(_ application: TestApplication) async throws -> String {
        let client = try RawHTTPClient(fromLoopback: 9, port: application.port)
        let answer = try await client.exchange(
            "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        let left = answer["RateLimit"]?.split(separator: ";").first { $0.hasPrefix("r=") }
        return "\(answer.status) \(left ?? "")"
    }

    @Test func `two services with one Redis admit a client's quota once, and twice without`()
        async throws
    {
        try await withTestRedis { redis in
            try await withApplication(Self.variables(redis)) { first, database in
                try await withApplication(
                    at: database.connectionString, Self.variables(redis)
                ) { second in
                    for application in [first, second] { await application.becomeConnected() }
                    var answers: [String] = []
                    for application in [first, second, first, second, first] {
                        answers.append(try await answer(application))
                    }
                    #expect(answers == ["404 r=2", "404 r=1", "404 r=0", "429 r=0", "429 r=0"])
                    redis.kill()
                    for application in [first, second] {
                        while try await answer(application) != "404 r=0" {}
                        #expect(try await answer(application) == "429 r=0")
                    }
                }
            }
        }
    }

    @Test(arguments: [
        ("rediss://cache", "REDIS_URL: TLS to Redis (rediss://) is not supported"),
        ("redis://:hunter2@cache:x", "REDIS_URL: its port is not a number"),
    ])
    func `an address that is none ends the start, without its password`(
        url: String, expected: String
    ) async throws {
        let error = await #expect(throws: StartFailure.self) {
            try await withApplication(
                at: "postgresql:///none", ["REDIS_URL": url]
            ) { _ in }
        }
        let description = try #require(error?.description)
        #expect(description.hasPrefix(expected))
        #expect(!description.contains("hunter2"))
    }
}

extension TestApplication {
    /// Waits until each loop has its connection to Redis.
    func becomeConnected() async {
        while !metrics.families().contains(where: { family in
            family.description.name == "redis_connections"
                && family.series.contains(MetricSeries(["down"], 0))
                && !family.series.contains(MetricSeries(["up"], 0))
        }) {
            await loops.loops[0].sleep(for: .milliseconds(1))
        }
    }
}
