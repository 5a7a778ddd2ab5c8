import Glibc
import Reactor
import Synchronization
import Testing

/// The built executable, running as a process of its own.
final class Executable: Sendable {
    /// How a run ended.
    struct Ended: Sendable {
        /// The exit status; 128 and the signal's number if a signal ended it.
        let status: CInt
        /// What it wrote to standard output.
        let output: String
        /// What it wrote to standard error.
        let errors: String
    }

    private let process: pid_t
    private let output: Pipe
    private let errors: Pipe
    private let hasEnded = Atomic<Bool>(false)

    /// Starts the executable with these variables only, in a folder that has no `.env` file unless
    /// another is given, and with a limit of its own for descriptors if one is given. It reads
    /// `input`, or from `terminal`, if there is any. `filter`, a command of the shell, reads what
    /// it prints; then the output and the status are the filter's, unless the executable itself
    /// failed.
    init(
        _ arguments: [String], _ variables: [String: String], in folder: String = "/",
        reading input: String? = nil, from terminal: CInt? = nil, descriptorsMax: Int? = nil,
        pipedInto filter: String? = nil
    ) throws {
        let output = try Pipe()
        let errors = try Pipe()
        self.output = output
        self.errors = errors
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let inputEnd = try input.map(readEnd(of:))
        if let standardInput = inputEnd ?? terminal {
            posix_spawn_file_actions_adddup2(&actions, standardInput, STDIN_FILENO)
        }
        posix_spawn_file_actions_adddup2(&actions, output.writeEnd, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors.writeEnd, STDERR_FILENO)
        var process = pid_t()
        let limiting = descriptorsMax.map {
            ["/bin/sh", "-c", "ulimit -n \($0) && exec \"$0\" \"$@\""]
        }
        let filtering = filter.map {
            ["/bin/bash", "-c", "set -o pipefail; \"$0\" \"$@\" | \($0)"]
        }
        let words =
            ["env", "-C", folder] + (limiting ?? []) + (filtering ?? []) + [Self.path] + arguments
        let code = withCStrings(words) { arguments in
            withCStrings(variables.map { "\($0.key)=\($0.value)" }) { environment in
                posix_spawn(&process, "/usr/bin/env", &actions, nil, arguments, environment)
            }
        }
        if let inputEnd { close(inputEnd) }
        output.closeWriteEnd()
        errors.closeWriteEnd()
        try #require(code == 0, "cannot start \(Self.path): \(code)")
        self.process = process
    }

    deinit {
        // A test that failed has left it running.
        guard !hasEnded.load(ordering: .acquiring) else { return }
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }

    /// What it has written to standard output and was waited for.
    var outputSoFar: String { output.text }

    /// Sends a signal.
    func signal(_ number: CInt) { kill(process, number) }

    /// Waits until `text` stands in the output, or the output ends.
    func waitForOutput(_ text: String) async throws {
        try await onThread { [output] in output.read(until: text) }
    }

    /// Waits until `text` stands in what it says of errors, or that ends.
    func waitForErrors(_ text: String) async throws {
        try await onThread { [errors] in errors.read(until: text) }
    }

    /// Waits for the end.
    func run() async throws -> Ended {
        try await onThread { [self] in
            output.read(until: nil)
            errors.read(until: nil)
            var status: CInt = 0
            waitpid(process, &status, 0)
            hasEnded.store(true, ordering: .releasing)
            let signal = status & 0x7f
            return Ended(
                status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, output: output.text,
                errors: errors.text)
        }
    }

    private func onThread<Value: Sendable>(
        _ work: @escaping @Sendable () -> Value
    ) async throws -> Value {
        let thread = try OffloadPool(name: "executable", threads: 1, queueMax: 1)
        defer { thread.stop() }
        return try await thread.run(work)
    }

    /// The product stands beside the test bundle.
    private static var path: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let octets = buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:))
        let bundle = String(decoding: octets, as: UTF8.self)
        return "/" + bundle.split(separator: "/").dropLast().joined(separator: "/")
            + "/user-management"
    }
}

/// What a process writes, up to its end.
private final class Pipe: Sendable {
    private let state: Mutex<[UInt8]> = Mutex([])
    private let readEnd: CInt
    let writeEnd: CInt

    init() throws {
        var ends: [CInt] = [-1, -1]
        // Unlike pipe(2) this never lets another process, started meanwhile, keep an end open.
        let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        try #require(socketpair(AF_UNIX, type, 0, &ends) == 0)
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit { close(readEnd) }

    var text: String { state.withLock { String(decoding: $0, as: UTF8.self) } }

    func closeWriteEnd() { close(writeEnd) }

    /// Reads to the end, or until `text` has come.
    func read(until text: String?) {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            if let text, self.text.contains(text) { return }
            let count = Glibc.read(readEnd, &chunk, chunk.count)
            guard count > 0 else { return }
            state.withLock { $0 += chunk[..<count] }
        }
    }
}

/// Where a process can read a text, which fits into the buffer of a socket, and then its end.
private func readEnd(of text: String) throws -> CInt {
    var ends: [CInt] = [-1, -1]
    let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    try #require(socketpair(AF_UNIX, type, 0, &ends) == 0)
    defer { close(ends[1]) }
    let octets = Array(text.utf8)
    try #require(write(ends[1], octets, octets.count) == octets.count)
    return ends[0]
}

private func withCStrings<Value>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
) -> Value {
    let copies = strings.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    return body(copies)
}
