import HTTP
import Testing

@Suite("Entity tags")
struct EntityTagTests {
    @Test(arguments: [
        ("\"1\"", ["\"1\""]), ("\"\"", ["\"\""]), ("W/\"1\"", ["W/\"1\""]),
        ("\"1\", \"2\"", ["\"1\"", "\"2\""]), ("\"1\",W/\"2\"", ["\"1\"", "W/\"2\""]),
        (" , \"1\" ,,\t\"2\",", ["\"1\"", "\"2\""]), ("\"a,b\", \"c\"", ["\"a,b\"", "\"c\""]),
        ("\"W/\"", ["\"W/\""]), ("\"*\"", ["\"*\""]), ("\"\\\"", ["\"\\\""]), ("\"é\"", ["\"é\""]),
    ])
    func `a list is read`(_ value: String, _ expected: [String]) {
        guard case .tags(let tags) = EntityTagCondition(parsing: value) else {
            Issue.record("\(value) is no list.")
            return
        }
        #expect(tags.map(\.fieldValue) == expected)
    }

    @Test(arguments: ["*", " * ", "\t*"])
    func `the asterisk is any`(_ value: String) {
        #expect(EntityTagCondition(parsing: value) == .any)
    }

    @Test(arguments: [
        "", " ", ",", "1", "\"", "\"1", "1\"", "\"1\"2", "\"1\" \"2\"", "w/\"1\"", "W\"1\"", "W/",
        "W/1", "W/ \"1\"", "*, \"1\"", "\"1\", *", "**", "\"a b\"", "\"a\tb\"", "\"a\u{7F}\"",
        "'1'", "\"1\";", "\"1\", 2",
    ])
    func `what is malformed is nothing`(_ value: String) {
        #expect(EntityTagCondition(parsing: value) == nil)
    }

    @Test func `a tag of the service's own is read back as it was`() {
        for tag in [EntityTag("7-a"), EntityTag("7", isWeak: true), EntityTag("")] {
            #expect(EntityTagCondition(parsing: tag.fieldValue) == .tags([tag]))
        }
    }

    @Test(arguments: [("3", "\"3-gzip\""), ("3-a", "\"3-a-gzip\""), ("", "\"-gzip\"")])
    func `content in gzip has a tag from which that of the content is read`(
        _ opaque: String, _ inGzip: String
    ) {
        let tag = EntityTag(opaque)
        #expect(tag.inGzip.fieldValue == inGzip)
        #expect(EntityTag.inGzip(fieldValue: tag.fieldValue) == inGzip)
        #expect(tag.inGzip.ofInflated == tag && tag.ofInflated == nil)
    }

    /// The table of RFC 9110 §8.8.3.2.
    @Test(arguments: [
        ("W/\"1\"", "W/\"1\"", false, true), ("W/\"1\"", "W/\"2\"", false, false),
        ("W/\"1\"", "\"1\"", false, true), ("\"1\"", "W/\"1\"", false, true),
        ("\"1\"", "\"1\"", true, true), ("\"1\"", "\"2\"", false, false),
        ("\"2\", \"1\"", "\"1\"", true, true), ("*", "\"1\"", true, true),
        ("*", "W/\"1\"", true, true),
    ])
    func `comparison is strong or weak`(
        _ value: String, _ current: String, _ isStrong: Bool, _ isWeak: Bool
    ) throws {
        let condition = try #require(EntityTagCondition(parsing: value))
        let tags = EntityTagCondition(parsing: current)
        guard case .tags(let tags) = tags, let tag = tags.first else {
            Issue.record("\(current) is no tag.")
            return
        }
        #expect(condition.stronglyMatches(tag) == isStrong)
        #expect(condition.weaklyMatches(tag) == isWeak)
    }
}
