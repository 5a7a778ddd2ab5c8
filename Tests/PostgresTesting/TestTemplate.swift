import Migrations
import Postgres

/// A database with every migration of `migrations/`, made once and copied for each test.
enum TestTemplate {
    /// The template's name.
    static let name = Result { try make() }

    /// The key of the advisory lock under which one process makes the template: `testtmpl`.
    private static let lockKey: Int64 = 0x7465_7374_746d_706c

    private static func make() throws -> String {
        let server = try TestServer.fromEnvironment.get()
        let migrations = try MigrationFolder.read(path: "\(repositoryFolder)/migrations")
        // The name changes with the migrations, so that an old template is never copied.
        let checksums = migrations.files.map(\.checksum).joined(separator: " ")
        let name = "user_management_template_\(checksum(of: checksums))"
        let connection = try server.connect()
        // The lock ends with the connection.
        _ = try connection.query("SELECT pg_advisory_lock($1)", ["\(lockKey)"])
        let found = try connection.query("SELECT 1 FROM pg_database WHERE datname = $1", [name])
        guard found.isEmpty else { return name }
        // A process that was killed may have left one half made under this other name.
        let unfinished = "\(name)_unfinished"
        try connection.execute("DROP DATABASE IF EXISTS \(unfinished) WITH (FORCE)")
        try connection.execute("CREATE DATABASE \(unfinished) TEMPLATE template0")
        let database = try TestDatabase(named: unfinished, on: server)
        try Migrator(database.connect(), migrations).upgrade(to: .head)
        try connection.execute("ALTER DATABASE \(unfinished) RENAME TO \(name)")
        return name
    }
}

/// The folder of the checkout that these tests are compiled from.
package let repositoryFolder =
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
