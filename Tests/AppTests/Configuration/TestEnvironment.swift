@testable import App

extension Environment {
    /// An environment of variables, the text of a `.env` file, and files by path.
    static func test(
        _ process: [String: String] = [:], file: String = "", files: [String: String] = [:]
    ) -> Environment {
        Environment(
            process: process,
            file: EnvironmentFile(parsing: Array(file.utf8), path: ".env"),
            reader: .test(files))
    }
}

extension FileReader {
    /// Files by path, in memory.
    static func test(_ files: [String: String]) -> FileReader {
        FileReader { (path, octetsMax) throws(FileReadError) in
            guard let text = files[path] else { throw .notFound }
            guard text.utf8.count <= octetsMax else { throw .tooLarge(octetsMax: octetsMax) }
            return Array(text.utf8)
        }
    }
}
