import Postgres

/// The table of the migrations that have run, and the tables of other programs.
extension Migrator {
    private static let tableColumnsSQL = """
        SELECT attname FROM pg_attribute
        WHERE attrelid = to_regclass('schema_migrations') AND attnum > 0 AND NOT attisdropped
        """
    /// Makes the table unless it is there.
    static let createTableSQL = """
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
    /// Whether the table `users` is one that these migrations made.
    private static let ownsUsersSQL = """
        SELECT count(*) > 0 FROM pg_attribute
        WHERE attrelid = to_regclass('users') AND attname = 'email_key' AND NOT attisdropped
        """

    /// The migrations that have run, in order; none in a database that has seen none.
    /// - Throws: ``MigrationError/foreignTables(_:)`` if none has run and a table of another
    ///   program is in the way, and ``MigrationError/database(_:)``.
    func applied() throws(MigrationError) -> [AppliedMigration] {
        let rows = try recorded()
        if rows.isEmpty { try refuse(foreignTables()) }
        return rows
    }

    /// Replaces what stands in the table by `files`; the entries that stay keep their times. A
    /// `users` that our migrations made, but did not record, is no table of another program here.
    /// - Throws: As ``applied()``, and ``MigrationError/unknownRevision(_:)`` or
    ///   ``MigrationError/databaseIsNewer(database:files:)``, since nobody could bring back what
    ///   this build does not know.
    func record(exactly files: [MigrationFile]) throws(MigrationError) {
        let found = try recorded()
        for row in found { _ = try set.revision(of: row) }
        if found.isEmpty {
            let ownsUsers = try asking { () throws(PostgresError) in
                try connection.query(Self.ownsUsersSQL) == [["t"]]
            }
            try refuse(foreignTables().filter { $0 != "users" || !ownsUsers })
        }
        let wanted = files.map(AppliedMigration.init(_:))
        try asking { () throws(PostgresError) in
            try connection.transaction { () throws(PostgresError) in
                for row in found where !wanted.contains(row) {
                    _ = try connection.query(Self.deleteSQL, [row.revision])
                }
                for (file, row) in zip(files, wanted) where !found.contains(row) {
                    try insert(file)
                }
            }
        }
    }

    private func recorded() throws(MigrationError) -> [AppliedMigration] {
        let columns = try asking { () throws(PostgresError) in
            try connection.query(Self.tableColumnsSQL).map { $0[0] }
        }
        // Other tools keep a table of this name as well; theirs has a column `version`.
        let isOurs = ["revision", "name", "checksum", "applied_at"].allSatisfy(columns.contains)
        guard isOurs || columns.isEmpty else { throw .foreignTables(["schema_migrations"]) }
        let rows = try asking { () throws(PostgresError) in
            isOurs ? try connection.query(Self.selectSQL) : []
        }
        return rows.map { row in
            AppliedMigration(revision: row[0] ?? "", checksum: row[1] ?? "")
        }
    }

    /// Enters a step that has run, or deletes the entry of one that has been undone.
    func record(_ step: MigrationStep) throws(PostgresError) {
        switch step.direction {
        case .upgrade: try insert(step.file)
        case .downgrade:
            _ = try connection.query(Self.deleteSQL, [step.file.revision.description])
        }
    }

    private func insert(_ file: MigrationFile) throws(PostgresError) {
        try connection.execute(Self.createTableSQL)
        _ = try connection.query(
            Self.insertSQL, [file.revision.description, file.name, file.checksum])
    }

    /// Does `body` and takes an error of the database for the end of the run.
    func asking<Value>(
        _ body: () throws(PostgresError) -> Value
    ) throws(MigrationError) -> Value {
        do { return try body() } catch { throw .database(error) }
    }

    private func foreignTables() throws(MigrationError) -> [String] {
        try asking { () throws(PostgresError) in
            try connection.query(Self.foreignTablesSQL).compactMap { $0[0] }
        }
    }

    private func refuse(_ names: [String]) throws(MigrationError) {
        guard names.isEmpty else { throw .foreignTables(names) }
    }
}
