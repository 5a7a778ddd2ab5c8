import Glibc
import PostgresTesting
import Testing

/// Runs `user-management migrate` on `database`, if any, with this repository's migrations or
/// those of another folder, and perhaps through a filter.
func migrate(
    _ arguments: String..., on database: TestDatabase?,
    from folder: String = "\(repositoryFolder)/migrations", pipedInto filter: String? = nil
) async throws -> Executable.Ended {
    var variables = ["MIGRATIONS_DIRECTORY": folder]
    variables["DATABASE_URL"] = database?.connectionString
    return try await Executable(["migrate"] + arguments, variables, pipedInto: filter).run()
}

/// The command of the shell that runs a script on a database. It stops at an error.
func psql(on database: TestDatabase) -> String {
    psqlHeedingNothing(on: database) + " --set=ON_ERROR_STOP=1"
}

/// As ``psql(on:)``, but it goes on after errors.
func psqlHeedingNothing(on database: TestDatabase) -> String {
    let address = database.connectionString.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: #"'\''"#)
    return "psql --no-psqlrc --quiet --dbname='\(address)'"
}

/// Runs `body` with a folder of its own that holds `files`, by name, and removes it afterwards.
func withMigrations(
    _ files: [String: String], _ body: (String) async throws -> Void
) async throws {
    var template = Array("/tmp/migrate-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    let folder = String(
        decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer {
        for name in files.keys { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }
    for (name, text) in files {
        let file = try #require(fopen("\(folder)/\(name)", "w"))
        defer { fclose(file) }
        try #require(fputs(text, file) >= 0)
    }
    try await body(folder)
}

/// Three migrations: the second refuses a transaction, the last ends without a semicolon.
let sampleMigrations = [
    "0001_first.sql": """
    -- migrate:up
    CREATE TABLE first (id bigint PRIMARY KEY); -- the table;
    INSERT INTO first VALUES (1)
    -- migrate:down
    DROP TABLE first;
    """,
    "0002_index.sql": """
    -- migrate:up transaction:false
    CREATE UNIQUE INDEX CONCURRENTLY first_index ON first (id)
    -- migrate:down transaction:false
    DROP INDEX CONCURRENTLY first_index -- and no more;
    """,
    "0003_third.sql": """
    -- migrate:up
    CREATE FUNCTION third() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN ';'; END $$
    -- migrate:down
    DROP FUNCTION third
    """,
]
