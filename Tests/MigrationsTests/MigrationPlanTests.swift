import Migrations
import Testing

@Suite("Plans")
struct MigrationPlanTests {
    struct Upgrade: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let appliedCount: Int
        let target: UpgradeTarget
        let expected: Result<[Int], MigrationError>
    }

    struct Downgrade: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let appliedCount: Int
        let target: DowngradeTarget
        let expected: Result<[Int], MigrationError>
    }

    struct Mismatch: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let applied: [AppliedMigration]
        let expected: MigrationError
    }

    @Test(arguments: [
        Upgrade(
            testDescription: "all of an empty database", appliedCount: 0, target: .head,
            expected: .success([1, 2, 3])),
        Upgrade(
            testDescription: "the rest", appliedCount: 2, target: .head, expected: .success([3])),
        Upgrade(
            testDescription: "nothing is left", appliedCount: 3, target: .head,
            expected: .success([])),
        Upgrade(
            testDescription: "two steps", appliedCount: 1, target: .steps(2),
            expected: .success([2, 3])),
        Upgrade(
            testDescription: "a step too many", appliedCount: 1, target: .steps(3),
            expected: .failure(.tooFewMigrations(wanted: 3, available: 2))),
        Upgrade(
            testDescription: "to a revision", appliedCount: 0,
            target: .revision(Revision(number: 2)), expected: .success([1, 2])),
        Upgrade(
            testDescription: "to a revision that has run", appliedCount: 2,
            target: .revision(Revision(number: 1)), expected: .success([])),
        Upgrade(
            testDescription: "to an unknown revision", appliedCount: 2,
            target: .revision(Revision(number: 4)), expected: .failure(.unknownRevision("0004"))),
    ])
    func `an upgrade runs what is pending up to its target`(_ given: Upgrade) throws {
        let set = try threeTables()
        let plan = try MigrationPlan(set, applied: applied(given.appliedCount, of: set))
        let result = Result { () throws(MigrationError) in
            try plan.stepsUpgrading(to: given.target).map(\.file.revision.number)
        }
        #expect(result == given.expected)
    }

    @Test(arguments: [
        Downgrade(
            testDescription: "everything", appliedCount: 3, target: .base,
            expected: .success([3, 2, 1])),
        Downgrade(
            testDescription: "nothing has run", appliedCount: 0, target: .base,
            expected: .success([])),
        Downgrade(
            testDescription: "two steps", appliedCount: 3, target: .steps(2),
            expected: .success([3, 2])),
        Downgrade(
            testDescription: "a step too many", appliedCount: 1, target: .steps(2),
            expected: .failure(.tooFewMigrations(wanted: 2, available: 1))),
        Downgrade(
            testDescription: "to a revision, which stays", appliedCount: 3,
            target: .revision(Revision(number: 1)), expected: .success([3, 2])),
        Downgrade(
            testDescription: "to where it is", appliedCount: 2,
            target: .revision(Revision(number: 2)), expected: .success([])),
        Downgrade(
            testDescription: "to a revision that has not run", appliedCount: 1,
            target: .revision(Revision(number: 2)),
            expected: .failure(.notApplied(Revision(number: 2)))),
        Downgrade(
            testDescription: "to an unknown revision", appliedCount: 1,
            target: .revision(Revision(number: 4)), expected: .failure(.unknownRevision("0004"))),
    ])
    func `a downgrade undoes what has run, the latest first`(_ given: Downgrade) throws {
        let set = try threeTables()
        let plan = try MigrationPlan(set, applied: applied(given.appliedCount, of: set))
        let result = Result { () throws(MigrationError) in
            try plan.stepsDowngrading(to: given.target).map(\.file.revision.number)
        }
        #expect(result == given.expected)
    }

    @Test func `a downgrade stops before a migration that cannot be undone, and runs nothing`()
        throws
    {
        let set = try MigrationSet([
            irreversible(1, named: "first", up: "SELECT 1;"), makeTable(2, named: "second"),
        ])
        let plan = try MigrationPlan(set, applied: applied(2, of: set))
        #expect(try plan.stepsDowngrading(to: .steps(1)).count == 1)
        #expect(throws: MigrationError.irreversible(Revision(number: 1), name: "first")) {
            try plan.stepsDowngrading(to: .base)
        }
    }

    @Test func `a step knows its script and the revisions at both ends`() throws {
        let set = try threeTables()
        let upgrade = try MigrationPlan(set, applied: []).stepsUpgrading(to: .head)
        #expect(upgrade.map(\.origin) == [nil, Revision(number: 1), Revision(number: 2)])
        #expect(upgrade.map(\.destination) == set.files.map(\.revision))
        #expect(upgrade.map(\.script) == set.files.map(\.up))
        let downgrade = try MigrationPlan(set, applied: applied(3, of: set)).stepsDowngrading(
            to: .base)
        #expect(downgrade.map(\.origin) == set.files.reversed().map(\.revision))
        #expect(downgrade.map(\.destination) == [Revision(number: 2), Revision(number: 1), nil])
        #expect(downgrade.map(\.script) == set.files.reversed().map(\.down))
    }

    @Test func `a database that does not hold the first of the files has no plan`() throws {
        let set = try threeTables()
        let rows = applied(3, of: set)
        let mismatches = [
            Mismatch(
                testDescription: "an edited file",
                applied: [rows[0], AppliedMigration(revision: "0002", checksum: "other")],
                expected: .edited(Revision(number: 2), name: "second")),
            Mismatch(
                testDescription: "a gap", applied: [rows[0], rows[2]],
                expected: .gap(Revision(number: 2))),
            Mismatch(
                testDescription: "a newer database",
                applied: rows + [AppliedMigration(revision: "0004", checksum: "other")],
                expected: .databaseIsNewer(database: Revision(number: 4), files: set.head)),
            Mismatch(
                testDescription: "a revision of another tool",
                applied: [AppliedMigration(revision: "1975ea83b712", checksum: "")],
                expected: .unknownRevision("1975ea83b712")),
        ]
        for mismatch in mismatches {
            #expect(throws: mismatch.expected, "\(mismatch.testDescription)") {
                try MigrationPlan(set, applied: mismatch.applied)
            }
        }
    }
}
