package import Migrations
import Postgres

/// The migrations of this repository.
package func repositoryMigrations() throws -> MigrationSet {
    try MigrationFolder.read(path: "\(repositoryFolder)/migrations")
}

/// The names of the tables in the database's own schema, in order.
package func tables(of database: TestDatabase) throws -> [String?] {
    try database.connect().query(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    ).map { $0[0] }
}

/// A line for every column, constraint and index of the database's own schema, in order.
package func schema(of database: TestDatabase) throws -> [String] {
    let sql = """
        SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default)
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT concat_ws(' ', conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
        ORDER BY 1
        """
    return try database.connect().query(sql).compactMap { $0[0] }
}
