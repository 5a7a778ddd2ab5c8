import RateLimiting
import Testing

@testable import App

@Suite("The limits of rate")
struct RateLimitSettingsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let given: String
        let expected: RateLimitChoice?
        var testDescription: String { given.debugDescription }

        init(_ given: String, _ expected: RateLimitChoice?) {
            (self.given, self.expected) = (given, expected)
        }

        init(_ given: String, _ requestCount: Int, _ windowSeconds: Int) {
            let limit = RateLimit(requestCount: requestCount, windowSeconds: windowSeconds)
            self.init(given, .limit(limit))
        }
    }

    private static let accepted: [Case] = [
        Case("600/1m", 600, 60), Case("20/1h", 20, 3600), Case("5/300s", 5, 300),
        Case("1/1s", 1, 1), Case("1000000000/24h", 1_000_000_000, 86_400),
        Case("1/1440m", 1, 86_400), Case("007/09s", 7, 9), Case("off", .off), Case("OFF", .off),
    ]

    private static let refused: [Case] = [
        "", "0", "false", "on", "none", "600", "600/", "/1m", "/", "600/1m/1m", "600//1m",
        "0/1m", "1000000001/1m", "-1/1m", "+1/1m", "1e3/1m", "1.5/1m", "6٠/1m", "600/0s",
        "600/25h", "600/86401s", "600/1441m", "600/1d", "600/1000ms", "600/60", "600/m",
        "600/-1m", "600/+1m", "600/1.5m", "600/1M", "600 / 1m", " 600/1m", "600/1m ", "600/1h30m",
        "600:1m", "600/1m,20/1h", "off/1m", "off ", "9999999999999999999/1m",
        "600/9999999999s", "600/1m\n",
    ].map { Case($0, nil) }

    @Test(arguments: accepted + refused)
    func `a limit is a number of requests and a duration, or off`(_ given: Case) {
        #expect(RateLimitChoice(parsing: given.given) == given.expected)
    }

    private func settings(_ values: [String: String]) throws -> RateLimitSettings {
        try ConfigurationReader.read(from: .test(values)) { RateLimitSettings(reading: &$0) }
    }

    private func policy(
        _ name: RateLimitPolicy.Name, _ requestCount: Int, _ windowSeconds: Int
    ) -> RateLimitPolicy {
        RateLimitPolicy(
            name, RateLimit(requestCount: requestCount, windowSeconds: windowSeconds))
    }

    @Test func `each has a default`() throws {
        let settings = try settings([:])
        #expect(settings.ip == policy(.ip, 600, 60))
        #expect(settings.token == policy(.token, 60_000, 60))
        #expect(settings.loginIP == policy(.loginIP, 60, 60))
        #expect(settings.loginID == policy(.loginID, 5, 300))
        #expect(settings.registerIP == policy(.registerIP, 20, 3600))
    }

    @Test func `each can be changed or switched off by itself`() throws {
        let login = try settings(["RATE_LIMIT_LOGIN_IP": "5/300s"])
        #expect(login.loginIP == policy(.loginIP, 5, 300))
        #expect(login.registerIP == policy(.registerIP, 20, 3600))
        let register = try settings(["RATE_LIMIT_REGISTER_IP": "off"])
        #expect(register.loginIP == policy(.loginIP, 60, 60))
        #expect(register.registerIP == nil)
        let requests = try settings(["RATE_LIMIT_IP": "1/1h", "RATE_LIMIT_TOKEN": "off"])
        #expect(requests.ip == policy(.ip, 1, 3600) && requests.token == nil)
    }

    @Test func `all of them can be switched off`() throws {
        let settings = try settings(
            ["RATE_LIMIT_ENABLED": "false", "RATE_LIMIT_LOGIN_IP": "5/300s"])
        #expect(settings.loginIP == nil && settings.registerIP == nil)
        #expect(settings.ip == nil && settings.token == nil && settings.loginID == nil)
    }

    @Test func `a fault says what is accepted, even while all are off`() {
        let error = #expect(throws: InvalidConfiguration.self) {
            try settings(["RATE_LIMIT_ENABLED": "no", "RATE_LIMIT_REGISTER_IP": "0/1h"])
        }
        #expect(
            error?.description
                == #"RATE_LIMIT_REGISTER_IP: "0/1h" is refused: expected 1 to 1000000000 requests "#
                + "in 1s to 24h, such as 600/1m, 20/1h or 5/300s, or off")
    }
}
