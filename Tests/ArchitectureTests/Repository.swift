import FoundationEssentials

/// The repository that these tests belong to.
enum Repository {
    /// The Swift files below `Sources`, `Tests` and `Benchmarks`; read once.
    static var files: [SourceFile] {
        get throws { try loaded.get() }
    }

    /// The names of the folders in `Sources`, each a target.
    static var targets: Set<String> {
        get throws { try names(in: "\(root())/Sources") }
    }

    /// The names of the files and folders at the top.
    static var top: Set<String> {
        get throws { try names(in: root()) }
    }

    private static func names(in folder: String) throws -> Set<String> {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return Set(names.filter { !$0.hasPrefix(".") })
    }

    private static let loaded = Result {
        try ["Sources", "Tests", "Benchmarks"].flatMap { tree in
            try FileManager.default.subpathsOfDirectory(atPath: "\(root())/\(tree)")
                .filter { $0.hasSuffix(".swift") }.sorted()
                .map { SourceFile(path: "\(tree)/\($0)", text: try text(of: "\(tree)/\($0)")) }
        }
    }

    private struct NotFound: Error {}

    /// The folder with the package's manifest above this file, symbolic links resolved.
    private static func root() throws -> String {
        var folder = URL(filePath: #filePath).resolvingSymlinksInPath()
        repeat {
            folder.deleteLastPathComponent()
            if FileManager.default.fileExists(atPath: folder.path + "/Package.swift") {
                return folder.path
            }
        } while folder.path != "/"
        throw NotFound()
    }

    private static func text(of path: String) throws -> String {
        guard let octets = FileManager.default.contents(atPath: "\(try root())/\(path)") else {
            throw NotFound()
        }
        return String(decoding: octets, as: UTF8.self)
    }
}
