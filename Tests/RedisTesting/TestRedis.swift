import Glibc

/// A Redis of its own for one test, on a socket in a folder of its own; it keeps nothing on disk.
package final class TestRedis: Sendable {
    /// The address of its socket, as `REDIS_URL` has it, without a password.
    package let url: String
    private let folder: String
    private let arguments: [String]
    private let process: ProcessSlot

    /// Starts it.
    /// - Throws: ``MissingRedis`` if there is no redis-server: a test that is skipped proves
    ///   nothing.
    fileprivate init(_ arguments: [String]) throws {
        var template = Array("/tmp/test-redis-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw MissingRedis() }
        folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        url = "unix://\(folder)/socket"
        self.arguments =
            [
                "redis-server", "--port", "0", "--unixsocket", "\(folder)/socket", "--save", "",
                "--appendonly", "no", "--dir", folder, "--logfile", "/dev/null",
            ] + arguments
        process = ProcessSlot(try Self.spawn(self.arguments))
    }

    /// Starts it anew, empty, after ``kill()``.
    package func restart() throws { process.set(try Self.spawn(arguments)) }

    /// Ends it at once, without a word to anybody.
    package func kill() {
        Glibc.kill(process.value, SIGKILL)
        waitpid(process.value, nil, 0)
        unlink("\(folder)/socket")
    }

    /// Holds it: what is connected stays so, and is answered nothing until ``resume()``.
    package func hold() { Glibc.kill(process.value, SIGSTOP) }

    /// Lets it go on.
    package func resume() { Glibc.kill(process.value, SIGCONT) }

    fileprivate func end() {
        kill()
        rmdir(folder)
    }

    private static func spawn(_ arguments: [String]) throws -> pid_t {
        var process: pid_t = 0
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        guard posix_spawnp(&process, "redis-server", nil, nil, &pointers, environ) == 0 else {
            throw MissingRedis()
        }
        return process
    }
}

/// Runs `body` with a Redis that has started to start, and ends it afterwards.
/// - Parameter arguments: Further ones for redis-server.
package func withTestRedis<Value>(
    _ arguments: [String] = [], _ body: (TestRedis) async throws -> Value
) async throws -> Value {
    let redis = try TestRedis(arguments)
    defer { redis.end() }
    return try await body(redis)
}

/// There is no redis-server for the tests.
package struct MissingRedis: Error, CustomStringConvertible {
    /// What to do about it.
    package let description = "redis-server is missing; scripts/install-packages --redis gets it"
}
