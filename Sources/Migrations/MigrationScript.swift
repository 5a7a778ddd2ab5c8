/// Steps as SQL for `psql`, which does on a database what ``Migrator`` would have done.
///
/// Each step makes sure first that the database is where the step begins, and that nobody else
/// migrates it: a script that meets another database changes nothing in it. What ``Migrator`` would
/// have waited for, another run, is refused at once.
package enum MigrationScript {
    /// The script of `steps`, which come from a plan for `set`; ends with a line feed.
    /// - Parameter lockTimeout: As in ``MigratorConfiguration``.
    package static func text(
        of steps: [MigrationStep], in set: MigrationSet,
        lockTimeout: Duration = MigratorConfiguration().lockTimeout
    ) -> String {
        guard !steps.isEmpty else { return "-- There is nothing to run.\n" }
        let parts = steps.map { text(of: $0, in: set, lockTimeout: lockTimeout) }
        return ([opening] + parts + [closing]).joined(separator: "\n\n") + "\n"
    }

    private static let opening = """
        -- For psql --no-psqlrc --set=ON_ERROR_STOP=1, which ends at the first error.
        \(block(lockCheck(with: "pg_try_advisory_lock")))
        """

    private static let closing = block("PERFORM pg_advisory_unlock(\(Migrator.lockKey));")

    private static func text(
        of step: MigrationStep, in set: MigrationSet, lockTimeout: Duration
    ) -> String {
        let milliseconds = max(1, Int(lockTimeout / .milliseconds(1)))
        var checks = [block(stateCheck(for: step, in: set))]
        if step.direction == .upgrade, step.origin == nil {
            checks.insert(Migrator.createTableSQL + ";", at: 0)
        }
        let lines =
            if step.script.isTransactional {
                ["BEGIN;", "SET LOCAL lock_timeout = '\(milliseconds)ms';"] + checks + [
                    terminated(step.script.sql),
                    // Refused outside a transaction, so when the migration has ended its own.
                    "SAVEPOINT migrated;", record(of: step), "COMMIT;",
                ]
            } else {
                checks + [terminated(step.script.sql), record(of: step)]
            }
        return (["-- \(MigrationReport.line(for: step))"] + lines).joined(separator: "\n")
    }

    /// Raises an error unless exactly the migrations before `step` have run.
    private static func stateCheck(for step: MigrationStep, in set: MigrationSet) -> String {
        let expected = set.files.prefix(step.origin?.number ?? 0)
            .map { "\($0.revision) \($0.checksum)" }.joined(separator: ", ")
        let place = step.origin?.description ?? "base"
        var checks = [
            lockCheck(with: "pg_try_advisory_xact_lock"),
            """
            IF '\(expected)' IS DISTINCT FROM (
                SELECT coalesce(string_agg(
                    concat_ws(' ', revision, checksum), ', ' ORDER BY revision COLLATE "C"), '')
                FROM schema_migrations
            ) THEN
                RAISE EXCEPTION 'the database is not at \(place), or was made by edited migrations';
            END IF;
            """,
        ]
        if step.origin == nil {
            checks.append(
                """
                IF coalesce(to_regclass('alembic_version'), to_regclass('users')) IS NOT NULL THEN
                    RAISE EXCEPTION 'the database belongs to another program';
                END IF;
                """)
        }
        return checks.joined(separator: "\n")
    }

    private static func lockCheck(with function: String) -> String {
        """
        IF NOT \(function)(\(Migrator.lockKey)) THEN
            RAISE EXCEPTION 'another run of migrations has not ended';
        END IF;
        """
    }

    /// The entry of a step. Neither a name nor a checksum holds anything that needs quoting.
    private static func record(of step: MigrationStep) -> String {
        let file = step.file
        return switch step.direction {
        case .upgrade:
            """
            INSERT INTO schema_migrations (revision, name, checksum, applied_at)
            VALUES ('\(file.revision)', '\(file.name)', '\(file.checksum)', now());
            """
        case .downgrade: "DELETE FROM schema_migrations WHERE revision = '\(file.revision)';"
        }
    }

    private static func block(_ statements: String) -> String {
        let body = statements.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        return "DO $migrate$\nBEGIN\n\(body)\nEND\n$migrate$;"
    }

    /// `sql` with its last statement ended, which a file may leave out.
    private static func terminated(_ sql: String) -> String {
        let last = sql.split(separator: "\n").last ?? ""
        return last.hasSuffix(";") && !last.contains("--") ? sql : "\(sql)\n;"
    }
}
