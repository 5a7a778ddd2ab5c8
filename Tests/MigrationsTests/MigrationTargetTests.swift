import Migrations
import Testing

@Suite("Targets on the command line")
struct MigrationTargetTests {
    @Test(arguments: [
        ("head", UpgradeTarget.head), ("+1", .steps(1)), ("+9999", .steps(9999)),
        ("0007", .revision(Revision(number: 7))),
    ])
    func `a target of an upgrade is read`(text: String, expected: UpgradeTarget) throws {
        #expect(try UpgradeTarget(parsing: text) == expected)
    }

    @Test(arguments: [
        ("base", DowngradeTarget.base), ("-1", .steps(1)), ("-12", .steps(12)),
        ("0007", .revision(Revision(number: 7))),
    ])
    func `a target of a downgrade is read`(text: String, expected: DowngradeTarget) throws {
        #expect(try DowngradeTarget(parsing: text) == expected)
    }

    @Test(arguments: ["", "HEAD", "heads", "base", "-1", "+", "+0", "+-1", "+10000", "7", "00007"])
    func `anything else is no target of an upgrade`(text: String) {
        #expect(throws: MigrationError.malformedTarget(text)) { try UpgradeTarget(parsing: text) }
    }

    @Test(arguments: ["", "head", "+1", "-", "-0", "--1", "-10000", "7", "0000", "+001"])
    func `anything else is no target of a downgrade`(text: String) {
        #expect(throws: MigrationError.malformedTarget(text)) { try DowngradeTarget(parsing: text) }
    }
}

@Suite("The schema that a build needs")
struct SchemaVersionTests {
    @Test(arguments: [
        (nil, SchemaVersion.behind), ("0001", .behind), ("0002", .current), ("0003", .ahead),
        ("1975ea83b712", .behind), ("", .behind),
    ])
    func `the applied revision is compared with the one needed`(
        applied: String?, expected: SchemaVersion
    ) {
        #expect(SchemaVersion(applied: applied, required: Revision(number: 2)) == expected)
    }
}
