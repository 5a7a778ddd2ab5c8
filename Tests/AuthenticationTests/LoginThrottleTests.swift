import Ambient
import Authentication
import AuthenticationTesting
import Testing

@Suite("How failed logins are slowed down")
struct LoginThrottleTests {
    @Test(
        arguments: [
            (0, 0), (1, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900),
            (11, 900), (1_000_000, 900), (.max, 900),
        ] as [(Int64, Int64)])
    func `five failures are free, and then the wait doubles up to a quarter of an hour`(
        failureCount: Int64, seconds: Int64
    ) {
        #expect(LoginThrottle().wait(after: failureCount) == seconds)
    }

    @Test(
        arguments: [(1, 0, 0), (1, 1, 30), (1, 2, 60), (3, 2, 0), (3, 3, 30), (.max, 9, 0)]
            as [(Int64, Int64, Int64)])
    func `the number of those that are free can be chosen`(
        failureCountMax: Int64, failureCount: Int64, seconds: Int64
    ) {
        let throttle = LoginThrottle(failureCountMax: failureCountMax)
        #expect(throttle.wait(after: failureCount) == seconds)
    }
}

@Suite("From where somebody logs in")
struct ClientDetailsTests {
    static let cut: [(given: String, kept: Int)] = [
        ("", 0), ("curl/8", 6), (String(repeating: "a", count: 512), 512),
        (String(repeating: "a", count: 513), 512), (String(repeating: "é", count: 400), 512),
        ("a" + String(repeating: "é", count: 400), 511),
        ("abc" + String(repeating: "🦊", count: 200), 511),
        // One character, and one that a count of characters would take long for.
        ("e" + String(repeating: "\u{301}", count: 8_000), 511),
        (String(repeating: "🇩", count: 4_000), 512),
    ]

    @Test(arguments: cut)
    func `a long user agent is cut after a whole code point`(given: String, kept: Int) throws {
        let details = ClientDetails(address: nil, userAgent: given)
        let text = try #require(details.userAgent)
        #expect(text.utf8.count == kept)
        #expect(given.unicodeScalars.starts(with: text.unicodeScalars))
    }

    @Test func `what is not known is not made up`() {
        let details = ClientDetails(address: nil, userAgent: nil)
        #expect(details.address == nil && details.userAgent == nil)
    }
}

@Suite("What is typed as a password")
struct PasswordCandidateTests {
    @Test(arguments: [
        ("seven quiet otters", "seven quiet otters"), ("", ""), (" a ", " a "),
        ("ﬁve", "five"), ("e\u{301}", "é"), ("Å", "Å"),
        (String(repeating: "a", count: 4096), String(repeating: "a", count: 4096)),
        (String(repeating: "a", count: 4097), ""),
    ])
    func `it is compared in NFKC, and what is too long is nobody's`(
        typed: String, normalised: String
    ) {
        let candidate = PasswordCandidate(typed)
        #expect(Array(candidate.normalised.utf8) == Array(normalised.utf8))
    }
}
