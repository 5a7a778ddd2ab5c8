import Postgres
import PostgresTesting
import Testing

@Suite("Connections that block")
struct DirectConnectionTests {
    @Test func `rows come back as text, and NULL as nil`() async throws {
        try await withEmptyDatabase { database in
            let rows = try database.connect().query(
                "SELECT $1::integer + 1, $2::text, $3::text, $4 FROM generate_series(1, 2)",
                ["41", nil, "", "grüße; -- '"])
            #expect(rows == [["42", nil, "", "grüße; -- '"], ["42", nil, "", "grüße; -- '"]])
        }
    }

    @Test func `a statement without rows gives none`() async throws {
        try await withEmptyDatabase { database in
            let connection = try database.connect()
            #expect(try connection.query("CREATE TABLE a (b text)") == [])
            #expect(try connection.query("SELECT b FROM a") == [])
        }
    }

    @Test func `a text may hold several statements, of which all run or none`() async throws {
        try await withEmptyDatabase { database in
            let connection = try database.connect()
            try connection.execute("CREATE TABLE a (b integer); INSERT INTO a VALUES (1), (2)")
            #expect(throws: PostgresError.self) {
                try connection.execute("INSERT INTO a VALUES (3); SELECT nonsense")
            }
            #expect(try connection.query("SELECT b FROM a") == [["1"], ["2"]])
        }
    }

    @Test func `a refusal carries its code and names, and hides its message from logs`()
        async throws
    {
        try await withTestDatabase { database in
            let error = #expect(throws: PostgresError.self) {
                try database.connect().execute(insert(email: "ada@example.com", version: 0))
            }
            guard case .server(let refusal) = error else {
                Issue.record("not a refusal by the server: \(String(describing: error))")
                return
            }
            #expect(refusal.sqlState == "23514")
            #expect(refusal.severity == "ERROR")
            #expect(refusal.constraint == "users_version_positive")
            #expect(refusal.table == "users")
            #expect(refusal.message.contains("violates check constraint"))
            let expected = "ERROR 23514, constraint users_version_positive, table users"
            #expect("\(refusal)" == expected)
            #expect(error?.description == "the database refused a statement: \(expected)")
        }
    }

    @Test func `an address is unique among the users who are not deleted`() async throws {
        try await withTestDatabase { database in
            let connection = try database.connect()
            try connection.execute(insert(email: "ada@example.com"))
            let error = #expect(throws: PostgresError.self) {
                try connection.execute(insert(email: "ada@example.com"))
            }
            guard case .server(let refusal) = error else {
                Issue.record("not a refusal by the server: \(String(describing: error))")
                return
            }
            #expect(refusal.sqlState == "23505")
            #expect(refusal.constraint == "users_email_key_live")
            try connection.execute("UPDATE users SET deleted_at = now()")
            try connection.execute(insert(email: "ada@example.com"))
        }
    }

    @Test func `a transaction is committed when its body returns`() async throws {
        try await withEmptyDatabase { database in
            let connection = try database.connect()
            let value = try connection.transaction { () throws(PostgresError) in
                try connection.execute("CREATE TABLE a (b integer)")
                return 7
            }
            #expect(value == 7)
            #expect(try database.connect().query("SELECT b FROM a") == [])
        }
    }

    @Test func `a transaction is rolled back when its body throws, and the connection serves on`()
        async throws
    {
        try await withEmptyDatabase { database in
            let connection = try database.connect()
            #expect(throws: PostgresError.closed) {
                try connection.transaction { () throws(PostgresError) in
                    try connection.execute("CREATE TABLE a (b integer)")
                    throw .closed
                }
            }
            #expect(try connection.query("SELECT to_regclass('a')") == [[nil]])
        }
    }

    @Test(arguments: ["COMMIT", "ROLLBACK", "SELECT nonsense"])
    func `a transaction that did not stay open to its end is told`(sql: String) async throws {
        try await withEmptyDatabase { database in
            let connection = try database.connect()
            let expected = PostgresError.unexpectedResult(
                "the transaction was no longer open at its end")
            #expect(throws: expected) {
                try connection.transaction { () throws(PostgresError) in
                    try? connection.execute(sql)
                }
            }
            #expect(try connection.query("SELECT 1") == [["1"]])
        }
    }

    @Test func `COPY and an empty text are refused, and the connection serves on`() async throws {
        try await withEmptyDatabase { database in
            let connection = try database.connect()
            for sql in ["COPY (SELECT 1) TO STDOUT", "CREATE TABLE a (); COPY a FROM STDIN", " "] {
                #expect(throws: PostgresError.self) { try connection.execute(sql) }
                #expect(try connection.query("SELECT 1") == [["1"]])
            }
        }
    }

    @Test func `a session that the server has ended is told as lost`() async throws {
        try await withEmptyDatabase { database in
            let connection = try database.connect()
            let process = try connection.query("SELECT pg_backend_pid()")[0]
            _ = try database.connect().query("SELECT pg_terminate_backend($1, 5000)", process)
            #expect(throws: PostgresError.outcomeUnknown) { try connection.execute("SELECT 1") }
            #expect(throws: PostgresError.connectionLost) { try connection.execute("SELECT 1") }
        }
    }

    @Test func `the name of the application and the encoding reach the server`() async throws {
        try await withEmptyDatabase { database in
            let connection = try database.connect()
            let rows = try connection.query(
                "SELECT current_setting('application_name'), current_setting('client_encoding')")
            #expect(rows == [["user-management", "UTF8"]])
            #expect(connection.serverVersion >= 140_000)
        }
    }

    @Test func `a server that is not there is told on one line without the password`() throws {
        let url = try DatabaseURL(
            parsing: "host=/nowhere user=app password=s3cret dbname=users connect_timeout=2")
        let error = #expect(throws: PostgresError.self) { _ = try DirectConnection(url) }
        let description = try #require(error?.description)
        #expect(description.hasPrefix("no connection to the database: "))
        #expect(description.contains("/nowhere"))
        #expect(!description.contains("s3cret"))
        #expect(!description.contains("\n"))
    }

    @Test func `a password that libpq quotes is blotted out`() throws {
        let url = try DatabaseURL(parsing: "host=/s3cret-folder user=app password=s3cret")
        let error = #expect(throws: PostgresError.self) { _ = try DirectConnection(url) }
        #expect(error?.description.contains("/********-folder") == true)
    }

    private func insert(email: String, version: Int = 1) -> String {
        """
        INSERT INTO users (id, created_at, updated_at, version, email_verified, status, email,
            email_key, display_name, roles, metadata, admin_metadata)
        VALUES (gen_random_uuid(), now(), now(), \(version), false, 'active', '\(email)',
            '\(email)', 'Ada', '{member}', '{}', '{}')
        """
    }
}
