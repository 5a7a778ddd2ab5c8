import Glibc
import HTTPTesting
import Testing

/// `user-management serve` as a process of its own.
struct ServiceProcess {
    /// The port that it listens on.
    let port: Int
    private let executable: Executable

    /// Starts it on a free port and waits until it serves.
    init(
        _ variables: [String: String], in folder: String = "/", descriptorsMax: Int? = nil
    ) async throws {
        let standard = [
            "PORT": "0", "SHUTDOWN_DELAY": "0s", "EVENT_LOOPS": "1",
            "DATABASE_ACQUIRE_TIMEOUT": "60s", "DATABASE_STATEMENT_TIMEOUT": "60s",
        ]
        executable = try Executable(
            ["serve"], standard.merging(variables) { _, given in given }, in: folder,
            descriptorsMax: descriptorsMax)
        try await executable.waitForOutput("http://127.0.0.1:")
        // The rest of the line came with its beginning: lines are written whole.
        let text = try #require(
            executable.outputSoFar.split(separator: "http://127.0.0.1:").dropFirst().first)
        port = try #require(Int(text.prefix { $0.isNumber }))
    }

    /// A client with a connection of its own.
    func connect() throws -> RawHTTPClient { try RawHTTPClient(port: port, recorder: .shared) }

    /// Sends a request with a JSON body, if any, on a connection of its own.
    func send(_ line: String, _ json: String? = nil) async throws -> RawResponse {
        try await connect().exchange(requestText(line, json))
    }

    /// Sends a signal.
    func signal(_ number: CInt) { executable.signal(number) }

    /// Waits until `text` stands in its log.
    func waitForOutput(_ text: String) async throws { try await executable.waitForOutput(text) }

    /// Waits for its end.
    func ended() async throws -> Executable.Ended { try await executable.run() }

    /// Ends it with a signal and waits.
    func ended(by number: CInt) async throws -> Executable.Ended {
        signal(number)
        return try await ended()
    }
}
