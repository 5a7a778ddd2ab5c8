import Migrations
import Testing

@Suite("Files of migrations")
struct MigrationFileTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var fileName = "0001_users.sql"
        var text = "-- migrate:up\nSELECT 1;\n"
        let expected: MigrationFileFault
    }

    @Test func `a file has a number, a name and two parts without the blank lines around them`()
        throws
    {
        let file = try MigrationFile(
            fileName: "0042_users_2.sql",
            text: """

                -- Why this is done.
                -- migrate:up

                CREATE TABLE a ();

                -- A comment inside.
                CREATE TABLE b ();

                -- migrate:down
                DROP TABLE b, a;
                """)
        #expect(file.revision == Revision(number: 42))
        #expect(file.name == "users_2")
        #expect(
            file.up.sql == """
                CREATE TABLE a ();

                -- A comment inside.
                CREATE TABLE b ();
                """)
        #expect(file.up.isTransactional)
        #expect(file.down?.sql == "DROP TABLE b, a;")
        #expect(file.down?.isTransactional == true)
    }

    @Test func `each part may leave the transaction by itself`() throws {
        let file = try MigrationFile(
            fileName: "0001_index.sql",
            text: """
                -- migrate:up transaction:false
                CREATE INDEX CONCURRENTLY i ON t (c);
                -- migrate:down
                DROP INDEX i;
                """)
        #expect(!file.up.isTransactional)
        #expect(file.down?.isTransactional == true)
    }

    @Test func `a file without a second part cannot be undone`() throws {
        let file = try MigrationFile(fileName: "0001_a.sql", text: "-- migrate:up\nSELECT 1;")
        #expect(file.down == nil)
    }

    @Test func `the checksum covers what makes the change and not what undoes it`() throws {
        let texts = [
            "-- migrate:up\nSELECT 1;\n",
            "-- migrate:up\nSELECT 1;\n\n-- migrate:down\nSELECT 2;\n",
            "-- migrate:up\nSELECT 10;\n",
        ]
        let checksums = try texts.map { text in
            try MigrationFile(fileName: "0001_a.sql", text: text).checksum
        }
        #expect(checksums[0] == checksums[1])
        #expect(checksums[0] != checksums[2])
    }

    @Test(arguments: [
        ("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8"),
    ])
    func `the checksum is FNV-1a with 64 bits`(text: String, expected: String) {
        #expect(checksum(of: text) == expected)
    }

    @Test(arguments: [
        Fault(testDescription: "no number", fileName: "users.sql", expected: .name),
        Fault(testDescription: "three digits", fileName: "001_users.sql", expected: .name),
        Fault(testDescription: "five digits", fileName: "00001_users.sql", expected: .name),
        Fault(testDescription: "number zero", fileName: "0000_users.sql", expected: .name),
        Fault(testDescription: "a sign", fileName: "+001_users.sql", expected: .name),
        Fault(testDescription: "foreign digits", fileName: "٠٠٠١_users.sql", expected: .name),
        Fault(testDescription: "no name", fileName: "0001_.sql", expected: .name),
        Fault(testDescription: "a hyphen", fileName: "0001_add-users.sql", expected: .name),
        Fault(testDescription: "upper case", fileName: "0001_Users.sql", expected: .name),
        Fault(testDescription: "another type", fileName: "0001_users.txt", expected: .name),
        Fault(
            testDescription: "carriage returns", text: "-- migrate:up\r\nSELECT 1;\r\n",
            expected: .encoding),
        Fault(
            testDescription: "a NUL", text: "-- migrate:up\nSELECT 1;\0DROP TABLE a;",
            expected: .encoding),
        Fault(testDescription: "an empty text", text: "", expected: .noUp),
        Fault(testDescription: "comments only", text: "-- Later.\n\n", expected: .noUp),
        Fault(
            testDescription: "a statement before the marker",
            text: "-- First.\nSELECT 0;\n-- migrate:up\nSELECT 1;",
            expected: .statementBeforeMarker(line: 2)),
        Fault(
            testDescription: "an unknown direction", text: "-- migrate:upp\nSELECT 1;",
            expected: .unknownMarker(line: 1)),
        Fault(
            testDescription: "an unknown option",
            text: "-- migrate:up transaction:no\nSELECT 1;", expected: .unknownMarker(line: 1)),
        Fault(
            testDescription: "a marker without its blank",
            text: "-- migrate:up\nSELECT 1;\n--migrate:down\nSELECT 2;",
            expected: .unknownMarker(line: 3)),
        Fault(
            testDescription: "an indented marker",
            text: "-- migrate:up\nSELECT 1;\n  -- migrate:down\nSELECT 2;",
            expected: .unknownMarker(line: 3)),
        Fault(
            testDescription: "down before up",
            text: "-- migrate:down\nSELECT 2;\n-- migrate:up\nSELECT 1;",
            expected: .misplacedMarker(line: 1)),
        Fault(
            testDescription: "two parts up",
            text: "-- migrate:up\nSELECT 1;\n-- migrate:up\nSELECT 1;",
            expected: .misplacedMarker(line: 3)),
        Fault(
            testDescription: "two parts down",
            text: "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n-- migrate:down",
            expected: .misplacedMarker(line: 5)),
        Fault(
            testDescription: "nothing to do",
            text: "-- migrate:up\n-- Nothing.\n\n-- migrate:down\nSELECT 2;",
            expected: .emptyPart),
        Fault(
            testDescription: "nothing to undo", text: "-- migrate:up\nSELECT 1;\n-- migrate:down\n",
            expected: .emptyPart),
    ])
    func `a malformed file is refused`(_ given: Fault) {
        #expect(throws: MigrationError.malformedFile(given.fileName, given.expected)) {
            try MigrationFile(fileName: given.fileName, text: given.text)
        }
    }
}
