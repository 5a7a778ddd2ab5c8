import Postgres

/// The table of the migrations that have run, and the tables of other programs.
extension Migrator {
    private static let tableColumnsSQL = """
        SELECT attname FROM pg_attribute
        WHERE attrelid = to_regclass('schema_migrations') AND attnum > 0 AND NOT attisdropped
        """
    private static let createTableSQL = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            revision text NOT NULL,
            name text NOT NULL,
            checksum text NOT NULL,
            applied_at timestamptz NOT NULL,
            CONSTRAINT schema_migrations_pkey PRIMARY KEY (revision)
        )
        """
    private static let selectSQL =
        "SELECT revision, checksum FROM schema_migrations ORDER BY revision COLLATE \"C\""
    private static let insertSQL = """
        INSERT INTO schema_migrations (revision, name, checksum, applied_at)
        VALUES ($1, $2, $3, now())
        """
    private static let deleteSQL = "DELETE FROM schema_migrations WHERE revision = $1"
    private static let foreignTablesSQL = """
        SELECT name FROM unnest(ARRAY['alembic_version', 'users']) AS name
        WHERE to_regclass(name) IS NOT NULL ORDER BY name
        """

    /// The migrations that have run, in order; none in a database that has seen none.
    /// - Throws: ``MigrationError/foreignTables(_:)`` if none has run and a table of another
    ///   program is in the way, and ``MigrationError/database(_:)``.
    func applied() throws(MigrationError) -> [AppliedMigration] {
        let columns = try asking { () throws(PostgresError) in
            try connection.query(Self.tableColumnsSQL).map { $0[0] }
        }
        // Other tools keep a table of this name as well; theirs has a column `version`.
        let isOurs = ["revision", "name", "checksum", "applied_at"].allSatisfy(columns.contains)
        guard isOurs || columns.isEmpty else { throw .foreignTables(["schema_migrations"]) }
        let rows = try asking { () throws(PostgresError) in
            isOurs ? try connection.query(Self.selectSQL) : []
        }
        if rows.isEmpty { try checkForeignTables() }
        return rows.map { row in
            AppliedMigration(revision: row[0] ?? "", checksum: row[1] ?? "")
        }
    }

    /// Enters a step that has run, or deletes the entry of one that has been undone.
    func record(_ step: MigrationStep) throws(PostgresError) {
        let (revision, file) = (step.file.revision.description, step.file)
        switch step.direction {
        case .upgrade:
            try connection.execute(Self.createTableSQL)
            _ = try connection.query(Self.insertSQL, [revision, file.name, file.checksum])
        case .downgrade:
            _ = try connection.query(Self.deleteSQL, [revision])
        }
    }

    /// Does `body` and takes an error of the database for the end of the run.
    func asking<Value>(
        _ body: () throws(PostgresError) -> Value
    ) throws(MigrationError) -> Value {
        do { return try body() } catch { throw .database(error) }
    }

    private func checkForeignTables() throws(MigrationError) {
        let names = try asking { () throws(PostgresError) in
            try connection.query(Self.foreignTablesSQL).compactMap { $0[0] }
        }
        guard names.isEmpty else { throw .foreignTables(names) }
    }
}
