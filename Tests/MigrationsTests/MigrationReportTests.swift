import Migrations
import Postgres
import Testing

@Suite("Lines for the operator")
struct MigrationReportTests {
    @Test func `a step is announced with the revisions at both ends`() throws {
        let set = try threeTables()
        let upgrade = try MigrationPlan(set, applied: []).stepsUpgrading(to: .steps(2))
        #expect(
            upgrade.map(MigrationReport.line(for:)) == [
                "Running upgrade base -> 0001, first", "Running upgrade 0001 -> 0002, second",
            ])
        let downgrade = try MigrationPlan(set, applied: applied(2, of: set)).stepsDowngrading(
            to: .base)
        #expect(
            downgrade.map(MigrationReport.line(for:)) == [
                "Running downgrade 0002 -> 0001, second", "Running downgrade 0001 -> base, first",
            ])
    }

    @Test(arguments: [(nil, "base"), (1, "0001"), (3, "0003 (head)"), (4, "0004")])
    func `where a database is`(number: Int?, expected: String) throws {
        let current = number.map { Revision(number: $0) }
        #expect(try MigrationReport.line(forCurrent: current, of: threeTables()) == expected)
    }

    @Test func `the history begins with the latest and marks head and current`() throws {
        let lines = try MigrationReport.lines(
            forHistoryOf: threeTables(), current: Revision(number: 2))
        #expect(
            lines == [
                "0002 -> 0003 (head), third", "0001 -> 0002 (current), second",
                "base -> 0001, first",
            ])
        #expect(try MigrationReport.line(forHeadOf: threeTables()) == "0003 (head)")
    }

    @Test func `what is pending is listed`() throws {
        let set = try threeTables()
        let pending = try MigrationPlan(set, applied: applied(1, of: set)).pending
        #expect(
            MigrationReport.lines(forPending: pending) == [
                "Pending: 0002, second", "Pending: 0003, third",
            ])
        #expect(MigrationReport.lines(forPending: []) == ["No migration is pending."])
    }

    @Test func `every error is one line`() throws {
        let set = try threeTables()
        let step = try MigrationPlan(set, applied: []).stepsUpgrading(to: .head)[0]
        let revision = Revision(number: 2)
        let refusal = PostgresError.server(
            ServerError(sqlState: "42P01", message: "relation \"a\" does not exist"))
        let errors: [(MigrationError, String)] = [
            (.unreadable(path: "/a", reason: "No such file or directory"), "/a"),
            (.malformedFile("0001_a.sql", .noUp), "migrations/0001_a.sql"),
            (.noFiles, "none"), (.duplicate(revision), "0002"), (.missingFile(revision), "0002"),
            (.malformedTarget("7"), "'7'"), (.malformedPosition("x"), "'x'"),
            (.unknownRevision("0009"), "'0009'"),
            (.notApplied(revision), "0002"), (.gap(revision), "0002"),
            (.tooFewMigrations(wanted: 3, available: 1), "3 steps"),
            (.irreversible(revision, name: "second"), "0002 (second)"),
            (.edited(revision, name: "second"), "0002 (second)"),
            (.databaseIsNewer(database: revision, files: Revision(number: 1)), "0002"),
            (.foreignTables(["alembic_version", "users"]), "alembic_version, users"),
            (.locked(waited: .seconds(60)), "60.0 seconds"),
            (.failed(step, refusal), "0001 (first) failed: ERROR 42P01: relation \"a\""),
            (.failed(step, refusal), "nothing of it is left"),
            (.failed(step, .outcomeUnknown), "look what is left of it"),
            (.database(.connectionLost), "lost"),
        ]
        for (error, part) in errors {
            #expect("\(error)".contains(part))
            #expect(!"\(error)".contains("\n"))
        }
    }
}
