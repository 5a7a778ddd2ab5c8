import Glibc

/// Reads whole small files; a value, so that tests need no disk.
package struct FileReader: Sendable {
    /// Returns the content of the file at `path` if it has at most `octetsMax` octets.
    package typealias Read =
        @Sendable (_ path: String, _ octetsMax: Int) throws(FileReadError) -> [UInt8]

    /// Reads a file. Blocks: for use at start only.
    package let read: Read

    /// Makes a reader of anything.
    package init(read: @escaping Read) {
        self.read = read
    }

    /// Reads the files of the operating system, open(2) and read(2).
    package static let system = FileReader(read: readFile)
}

/// Why a file was not read.
package enum FileReadError: Error, Hashable, Sendable {
    /// There is no file of this name.
    case notFound
    /// The process may not read it.
    case notPermitted
    /// The name is that of a directory.
    case isDirectory
    /// The file is larger than the given number of octets.
    case tooLarge(octetsMax: Int)
    /// The file is not UTF-8, or holds a NUL.
    case notText
    /// The file holds nothing.
    case empty
    /// Another error of the operating system, an `errno` value.
    case system(code: CInt)

    fileprivate init(errno code: CInt) {
        switch code {
        case ENOENT, ENOTDIR: self = .notFound
        case EACCES, EPERM: self = .notPermitted
        case EISDIR: self = .isDirectory
        default: self = .system(code: code)
        }
    }
}

extension FileReadError: CustomStringConvertible {
    /// The reason as the end of a sentence.
    package var description: String {
        switch self {
        case .notFound: "there is no such file"
        case .notPermitted: "permission denied"
        case .isDirectory: "it is a directory"
        case .tooLarge(let octetsMax): "it is larger than \(octetsMax) bytes"
        case .notText: "it is not UTF-8 text"
        case .empty: "it is empty"
        case .system(let code): String(cString: strerror(code))
        }
    }
}

private func readFile(_ path: String, _ octetsMax: Int) throws(FileReadError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileReadError(errno: errno) }
    defer { _ = close(descriptor) }
    var content: [UInt8] = []
    // What grows step by step leaves holes behind that stay with the process.
    var status = stat()
    if fstat(descriptor, &status) == 0 {
        content.reserveCapacity(min(Int(status.st_size), octetsMax))
    }
    var chunk = [UInt8](repeating: 0, count: 16 * 1024)
    while content.count <= octetsMax {
        let count = read(descriptor, &chunk, chunk.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw FileReadError(errno: errno) }
        guard count > 0 else { return content }
        content += chunk[..<count]
    }
    throw .tooLarge(octetsMax: octetsMax)
}
