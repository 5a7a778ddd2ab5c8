import Testing

@testable import Redis

@Suite("The address of a Redis")
struct RedisURLTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let location: RedisURL.Location
        var user: String?
        var password: String?
        var database = 0
        var testDescription: String { text }
    }

    @Test(arguments: [
        Case(text: "redis://cache", location: .host("cache", port: 6379)),
        Case(text: "redis://cache:7000/12", location: .host("cache", port: 7000), database: 12),
        Case(text: "redis://cache/", location: .host("cache", port: 6379)),
        Case(text: "redis://[::1]:7000", location: .host("::1", port: 7000)),
        Case(
            text: "redis://:s%40cret@10.0.0.1", location: .host("10.0.0.1", port: 6379),
            password: "s@cret"),
        Case(
            text: "redis://limits:a:b%2F%c3%a9@cache:1/2", location: .host("cache", port: 1),
            user: "limits", password: "a:b/é", database: 2),
        Case(text: "unix:///run/redis/s", location: .path("/run/redis/s")),
        Case(
            text: "unix://u:p@/run/s?db=3", location: .path("/run/s"), user: "u", password: "p",
            database: 3),
    ])
    func `is read`(_ expected: Case) throws {
        let url = try RedisURL(parsing: expected.text)
        #expect(url.location == expected.location)
        #expect(url.user == expected.user)
        #expect(url.password == expected.password)
        #expect(url.database == expected.database)
    }

    @Test(
        arguments: [
            ("", .malformed), ("cache:6379", .malformed), ("http://cache", .unsupportedScheme),
            ("rediss://cache", .needsTLS), ("redis://", .malformed), ("redis://:6379", .malformed),
            ("redis://cache:0", .invalidPort), ("redis://cache:65536", .invalidPort),
            ("redis://cache:", .invalidPort), ("redis://cache:+1", .invalidPort),
            ("redis://cache/x", .invalidDatabase), ("redis://cache/65536", .invalidDatabase),
            ("redis://cache/1/2", .invalidDatabase), ("redis://cache?db=1", .malformed),
            ("redis://a@cache", .malformedCredentials), ("redis://a:@cache", .malformedCredentials),
            ("redis://a:b@c@cache", .malformedCredentials),
            ("redis://a:%zz@cache", .malformedCredentials),
            ("redis://a:%ff@cache", .malformedCredentials),
            ("redis://a:%+1@cache", .malformedCredentials),
            ("redis://[::1", .malformed), ("redis://x[::1]", .malformed),
            ("redis://cache\u{0}", .malformed), ("unix://run/s", .malformed),
            ("unix:///run/s?database=1", .malformed), ("unix:///run/s?db=", .invalidDatabase),
            ("unix:///\(String(repeating: "a", count: 107))", .malformed),
        ] as [(String, InvalidRedisURL)])
    func `is refused`(_ text: String, _ expected: InvalidRedisURL) {
        #expect(throws: expected) { try RedisURL(parsing: text) }
    }

    @Test func `tells nobody its password`() throws {
        let url = try RedisURL(parsing: "redis://limits:hunter2@cache/1")
        var dumped = ""
        dump(url, to: &dumped)
        #expect("\(url)" == "cache:6379")
        #expect(!dumped.contains("hunter2"))
        #expect(!String(reflecting: url).contains("hunter2"))
        #expect("\(try RedisURL(parsing: "redis://[::1]"))" == "[::1]:6379")
    }
}
