import Glibc
import Migrations
import Testing

@Suite("The folder of migrations")
struct MigrationFolderTests {
    @Test func `every file that ends in .sql is a migration`() throws {
        try withFolder(holding: [
            "0002_second.sql": Array("-- migrate:up\nSELECT 2;".utf8), "README.md": [0xFF],
            "0001_first.sql": Array("-- migrate:up\nSELECT 1;".utf8),
        ]) { path in
            let set = try MigrationFolder.read(path: path)
            #expect(set.files.map(\.name) == ["first", "second"])
            #expect(set.files.map(\.up.sql) == ["SELECT 1;", "SELECT 2;"])
        }
    }

    @Test func `a file that is not UTF-8 is refused`() throws {
        try withFolder(holding: ["0001_a.sql": Array("-- migrate:up\n".utf8) + [0xFF]]) { path in
            #expect(throws: MigrationError.malformedFile("0001_a.sql", .encoding)) {
                try MigrationFolder.read(path: path)
            }
        }
    }

    @Test func `a file of more than a mebibyte is refused`() throws {
        let text = Array("-- migrate:up\nSELECT 1;".utf8)
        let blanks = [UInt8](repeating: UInt8(ascii: " "), count: 1024 * 1024 - text.count)
        try withFolder(holding: ["0001_a.sql": text + blanks]) { path in
            let set = try MigrationFolder.read(path: path)
            #expect(set.files.count == 1)
        }
        try withFolder(holding: ["0001_a.sql": text + blanks + [UInt8(ascii: " ")]]) { path in
            let expected = MigrationError.unreadable(
                path: "\(path)/0001_a.sql", reason: "it is larger than 1048576 bytes")
            #expect(throws: expected) { try MigrationFolder.read(path: path) }
        }
    }

    @Test func `a folder without migrations is refused`() throws {
        try withFolder(holding: ["README.md": []]) { path in
            #expect(throws: MigrationError.noFiles) { try MigrationFolder.read(path: path) }
        }
    }

    @Test func `a folder that does not exist is told with its path`() {
        let expected = MigrationError.unreadable(
            path: "/nowhere/migrations", reason: "No such file or directory")
        #expect(throws: expected) { try MigrationFolder.read(path: "/nowhere/migrations") }
    }

    /// Runs `body` with the path of a folder that holds `files`, and removes it afterwards.
    private func withFolder(
        holding files: [String: [UInt8]], _ body: (String) throws -> Void
    ) throws {
        var template = Array("/tmp/migrations-XXXXXX".utf8CString)
        let path = try #require(mkdtemp(&template).map { String(cString: $0) })
        defer { rmdir(path) }
        for (name, bytes) in files {
            let file = try #require(fopen("\(path)/\(name)", "w"))
            #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
            fclose(file)
        }
        defer { for name in files.keys { unlink("\(path)/\(name)") } }
        try body(path)
    }
}
