import Migrations

/// What holds of migrations' files.
enum MigrationProperties {
    private static let fileName = "0007_fuzzed.sql"

    static func check(_ input: FuzzInput) throws(BrokenProperty) {
        let text = String(decoding: input.bytes, as: UTF8.self)
        try checkName(text)
        guard let file = try? MigrationFile(fileName: fileName, text: text) else { return }
        for script in [file.up, file.down].compactMap(\.self) {
            try require(
                script.sql.contains { !$0.isWhitespace }, "A part without a statement is read.")
            try require(
                !script.sql.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "\r") },
                "A statement has a NUL or a carriage return.")
        }
        let written = written(file)
        let again = try? MigrationFile(fileName: fileName, text: written)
        try require(
            again == file, "\(written.debugDescription) is not \(file).")
        try require(again?.checksum == file.checksum, "The checksum of \(file) is another.")
        try checkMissingUp(file)
    }

    /// A file's text as people write it.
    private static func written(_ file: MigrationFile) -> String {
        var text = part("up", file.up)
        if let down = file.down { text += "\n\n" + part("down", down) }
        return text + "\n"
    }

    private static func part(_ direction: String, _ script: MigrationFile.Script) -> String {
        let option = script.isTransactional ? "" : " transaction:false"
        return "-- migrate:\(direction)\(option)\n\n\(script.sql)"
    }

    /// What only undoes a change, or makes it twice, is no migration.
    private static func checkMissingUp(_ file: MigrationFile) throws(BrokenProperty) {
        let (up, down) = (part("up", file.up), part("down", file.up))
        for text in [down, "\(down)\n\(up)", "\(up)\n\(up)", "\(up)\n\(down)\n\(down)"] {
            try require(
                (try? MigrationFile(fileName: fileName, text: text)) == nil,
                "\(text.debugDescription) is a migration.")
        }
    }

    /// A file's name is its number and its name, and nothing else.
    private static func checkName(_ fileName: String) throws(BrokenProperty) {
        let text = "-- migrate:up\nSELECT 1;\n"
        guard let file = try? MigrationFile(fileName: fileName, text: text) else { return }
        try require(
            fileName.utf8.elementsEqual("\(file.revision)_\(file.name).sql".utf8),
            "\(fileName.debugDescription) is \(file.revision), \(file.name.debugDescription).")
    }
}
