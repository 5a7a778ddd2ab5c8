import Glibc

/// The folder that holds the migrations' files.
package enum MigrationFolder {
    /// Largest file in bytes; a migration is written by hand.
    private static let fileBytesMax = 1024 * 1024

    /// Reads every `.sql` file of the folder at `path`; other files may lie beside them.
    /// - Throws: ``MigrationError/unreadable(path:reason:)``, and what ``MigrationFile`` and
    ///   ``MigrationSet`` refuse.
    package static func read(path: String) throws(MigrationError) -> MigrationSet {
        var files: [MigrationFile] = []
        for name in try names(inFolder: path) where name.hasSuffix(".sql") {
            let text = try text(ofFile: "\(path)/\(name)", named: name)
            files.append(try MigrationFile(fileName: name, text: text))
        }
        return try MigrationSet(files)
    }

    private static func names(inFolder path: String) throws(MigrationError) -> [String] {
        guard let folder = opendir(path) else { throw unreadable(path) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    private static func text(
        ofFile path: String, named name: String
    ) throws(MigrationError) -> String {
        guard let file = fopen(path, "r") else { throw unreadable(path) }
        defer { fclose(file) }
        let bytes = [UInt8](unsafeUninitializedCapacity: fileBytesMax + 1) { buffer, count in
            count = fread(buffer.baseAddress, 1, fileBytesMax + 1, file)
        }
        guard ferror(file) == 0 else { throw unreadable(path) }
        guard bytes.count <= fileBytesMax else {
            throw .unreadable(path: path, reason: "it is larger than \(fileBytesMax) bytes")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .malformedFile(name, .encoding)
        }
        return text
    }

    private static func unreadable(_ path: String) -> MigrationError {
        .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
}
