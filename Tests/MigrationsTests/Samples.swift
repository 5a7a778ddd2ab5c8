import Migrations

/// A migration that makes a table and drops it again.
func makeTable(_ number: Int, named name: String) throws -> MigrationFile {
    try MigrationFile(
        fileName: "\(Revision(number: number))_\(name).sql",
        text: """
            -- migrate:up
            CREATE TABLE \(name) (id bigint PRIMARY KEY);
            -- migrate:down
            DROP TABLE \(name);
            """)
}

/// A migration that cannot be undone.
func irreversible(_ number: Int, named name: String, up: String) throws -> MigrationFile {
    try MigrationFile(
        fileName: "\(Revision(number: number))_\(name).sql", text: "-- migrate:up\n\(up)\n")
}

/// `0001_first`, `0002_second` and `0003_third`, which make a table each.
func threeTables() throws -> MigrationSet {
    try MigrationSet([
        makeTable(1, named: "first"), makeTable(2, named: "second"), makeTable(3, named: "third"),
    ])
}

/// The entries of the first `count` migrations of `set` as a database would hold them.
func applied(_ count: Int, of set: MigrationSet) -> [AppliedMigration] {
    set.files.prefix(count).map { file in
        AppliedMigration(revision: file.revision.description, checksum: file.checksum)
    }
}

/// `0001_first`, which makes a table, and `0002_index`, which cannot run in a transaction.
func withConcurrentIndex() throws -> MigrationSet {
    let index = try MigrationFile(
        fileName: "0002_index.sql",
        text: """
            -- migrate:up transaction:false
            CREATE INDEX CONCURRENTLY first_index ON first (id);
            -- migrate:down transaction:false
            DROP INDEX CONCURRENTLY first_index;
            """)
    return try MigrationSet([makeTable(1, named: "first"), index])
}
