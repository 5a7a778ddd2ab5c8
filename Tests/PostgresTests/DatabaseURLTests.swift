import Postgres
import Testing

@Suite("DATABASE_URL")
struct DatabaseURLTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String { text }
        let text: String
        let expected: [String]
        var driver: String?
    }

    /// What ``DatabaseURL/keywords`` adds to what is given.
    static let fixed = ["client_encoding=UTF8", "fallback_application_name=user-management"]

    @Test(arguments: [
        Case(
            text: "postgresql://app:s3cret@db.example:6432/users",
            expected: [
                "dbname=users", "host=db.example", "password=s3cret", "port=6432", "user=app",
            ]),
        Case(text: "postgres://db.example", expected: ["host=db.example"]),
        Case(text: "postgresql://", expected: []),
        Case(text: "postgresql:///users?", expected: ["dbname=users"]),
        Case(
            text: "postgresql://app:a%40b%2Fc%3Fd%26e@[::1]/users",
            expected: ["dbname=users", "host=::1", "password=a@b/c?d&e", "user=app"]),
        Case(
            text: "postgresql://app@%2Frun%2Fpostgresql/users",
            expected: ["dbname=users", "host=/run/postgresql", "user=app"]),
        Case(
            text: "postgresql:///users?host=/run/postgresql&port=5433",
            expected: ["dbname=users", "host=/run/postgresql", "port=5433"]),
        Case(
            text: "postgresql://one:5432,two:5433/users?target_session_attrs=read-write",
            expected: [
                "dbname=users", "host=one,two", "port=5432,5433", "target_session_attrs=read-write",
            ]),
        Case(
            text: "postgresql+asyncpg://app:s3cret@db/users",
            expected: ["dbname=users", "host=db", "password=s3cret", "user=app"],
            driver: "asyncpg"),
        Case(
            text: "postgresql+asyncpg://db/users?ssl=verify-full",
            expected: ["dbname=users", "host=db", "sslmode=verify-full"], driver: "asyncpg"),
        Case(
            text: "postgresql+psycopg2://db/users?sslmode=require&connect_timeout=3",
            expected: ["connect_timeout=3", "dbname=users", "host=db", "sslmode=require"],
            driver: "psycopg2"),
        // What follows are SQLAlchemy's own forms, with what it makes of them for its drivers.
        Case(
            text: "postgresql+asyncpg://user:p%40ss@host/db",
            expected: ["dbname=db", "host=host", "password=p@ss", "user=user"], driver: "asyncpg"),
        Case(
            text: "postgresql+asyncpg://u:a+b%2Fc@h/db?ssl=prefer",
            expected: ["dbname=db", "host=h", "password=a+b/c", "sslmode=prefer", "user=u"],
            driver: "asyncpg"),
        Case(
            text: "postgresql+asyncpg://u@h/db?ssl=verify_full",
            expected: ["dbname=db", "host=h", "sslmode=verify-full", "user=u"], driver: "asyncpg"),
        Case(
            text: "postgresql+asyncpg://u@h/db?ssl=disable",
            expected: ["dbname=db", "host=h", "sslmode=disable", "user=u"], driver: "asyncpg"),
        Case(
            text: "postgresql+asyncpg://u:p@/db?host=%2Frun%2Fpostgresql",
            expected: ["dbname=db", "host=/run/postgresql", "password=p", "user=u"],
            driver: "asyncpg"),
        Case(
            text: "postgresql+psycopg2://u@h/db?options=-c+search_path%3Dlegacy"
                + "&sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem",
            expected: [
                "dbname=db", "host=h", "options=-c search_path=legacy", "sslmode=verify-full",
                "sslrootcert=/etc/ca.pem", "user=u",
            ], driver: "psycopg2"),
        Case(
            text: "postgresql+psycopg://u:p@[::1]:5432/db",
            expected: ["dbname=db", "host=::1", "password=p", "port=5432", "user=u"],
            driver: "psycopg"),
        Case(
            text: "postgresql+psycopg2://u@/db?host=a:5432&host=b%3A5433",
            expected: ["dbname=db", "host=a,b", "port=5432,5433", "user=u"], driver: "psycopg2"),
        Case(
            text: "postgresql+psycopg2://u@/db?host=a&host=b:5433",
            expected: ["dbname=db", "host=a,b", "port=,5433", "user=u"], driver: "psycopg2"),
        Case(
            text: "postgresql+psycopg2://u@/db?host=a,b&port=5432,5433",
            expected: ["dbname=db", "host=a,b", "port=5432,5433", "user=u"], driver: "psycopg2"),
        Case(
            text: "postgresql+psycopg2://u@/db?host=::1",
            expected: ["dbname=db", "host=::1", "user=u"], driver: "psycopg2"),
        Case(
            text: "postgresql://db/users?ssl=true",
            expected: ["dbname=users", "host=db", "sslmode=require"]),
        Case(
            text: "host=db port=5432 user=app password='s3c ret' dbname=users",
            expected: ["dbname=users", "host=db", "password=s3c ret", "port=5432", "user=app"]),
        Case(
            text: "host=/run/postgresql options='-c a://b'",
            expected: ["host=/run/postgresql", "options=-c a://b"]),
    ])
    func `what is given becomes keywords for libpq`(_ given: Case) throws {
        let url = try DatabaseURL(parsing: given.text)
        #expect(url.keywords.map { "\($0.name)=\($0.value)" }.sorted() == sorted(given.expected))
        #expect(url.droppedDriver == given.driver)
    }

    private func sorted(_ expected: [String]) -> [String] { (expected + Self.fixed).sorted() }

    @Test(arguments: [
        ("", InvalidDatabaseURL.empty),
        ("mysql://app:s3cret@db/users", .unsupportedScheme),
        ("postgresql+://app:s3cret@db/users", .unsupportedScheme),
        ("postgresql+a+b://app:s3cret@db/users", .unsupportedScheme),
        ("+asyncpg://app:s3cret@db/users", .unsupportedScheme),
        ("POSTGRESQL://app:s3cret@db/users", .unsupportedScheme),
        ("postgresql://app:s3c@ret@db/users", .unencodedDelimiter),
        ("postgresql://app:s3c/ret@db/users", .unencodedDelimiter),
        ("postgresql://app:12/ret@db/users", .unencodedDelimiter),
        ("postgresql://app:s3c?ret@db/users", .unencodedDelimiter),
        ("postgresql://app:s3c%ret@db/users", .malformed),
        ("postgresql://app:s3c%00ret@db/users", .malformed),
        ("postgresql://[::1/users", .malformed),
        ("postgresql://app:s3cret", .invalidPort),
        ("postgresql://db:0/users", .invalidPort),
        ("postgresql://db:65536/users", .invalidPort),
        ("postgresql://db:+5432/users", .invalidPort),
        ("postgresql://one:5432,two:x/users", .invalidPort),
        ("postgresql://db/users?sslmode=on", .invalidSSLMode),
        ("postgresql+asyncpg://db/users?ssl=1", .invalidSSLMode),
        ("postgresql+psycopg2://u:s3cret@/db?host=a:x&host=b:5433", .invalidPort),
        (
            "postgresql+asyncpg://db/users?prepared_statement_cache_size=0",
            .unknownParameter("prepared_statement_cache_size")
        ),
        ("postgresql://db/users?password=s3c&ret=x", .malformed),
        ("postgresql://db/users?sslmode", .malformed),
        ("password=s3cret colour=blue", .malformed),
        ("password=s3c ret", .malformed),
        ("s3cret", .malformed),
        ("host=db\0", .malformed),
    ])
    func `a malformed address is refused, and no part of a password is told`(
        text: String, expected: InvalidDatabaseURL
    ) {
        #expect(throws: expected) { try DatabaseURL(parsing: text) }
        for part in ["s3c", "ret"] { #expect(!"\(expected)".contains(part)) }
        #expect(!"\(expected)".contains("\n"))
    }

    @Test(arguments: [
        (
            "postgresql+asyncpg://app:s3cret@db.example:6432/users?sslmode=require",
            "host=db.example port=6432 dbname=users user=app"
        ),
        ("postgresql:///users?host=/run/postgresql", "host=/run/postgresql dbname=users"),
        ("password=s3cret user=app", "user=app"), ("postgresql://", "the default database"),
    ])
    func `neither description nor reflection shows the password`(
        text: String, expected: String
    ) throws {
        let url = try DatabaseURL(parsing: text)
        #expect(url.description == expected)
        var dumped = ""
        dump((address: url, count: 1), to: &dumped)
        for shown in [String(reflecting: url), "\([url])", dumped] {
            #expect(shown.contains(expected))
            #expect(!shown.contains("s3cret"))
        }
    }

    @Test func `overrides replace what is given, and options are appended`() throws {
        let url = try DatabaseURL(
            parsing: "postgresql://db/users?application_name=a&options=-c%20geqo%3Doff"
                + "&connect_timeout=9&client_encoding=LATIN1")
        let keywords = url.keywords(overriding: [
            ("connect_timeout", "2"), ("options", "-c statement_timeout=1s"), ("dbname", "other"),
        ])
        #expect(
            keywords.map { "\($0.name)=\($0.value)" }.sorted() == [
                "application_name=a", "client_encoding=UTF8", "connect_timeout=2", "dbname=other",
                "fallback_application_name=user-management", "host=db",
                "options=-c geqo=off -c statement_timeout=1s",
            ])
    }
}
