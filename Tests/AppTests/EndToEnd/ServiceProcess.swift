import Glibc
import PostgresTesting
import Testing

/// `user-management serve` as a process of its own.
struct ServiceProcess: TestPeer {
    /// The port that it listens on.
    let port: Int
    let administrator: AdministratorToken?
    private let executable: Executable

    /// Starts it on a free port and waits until it serves. With a database it has an administrator,
    /// without one only an address of it, and nobody.
    init(
        on database: TestDatabase? = nil, _ variables: [String: String] = [:],
        in folder: String = "/", descriptorsMax: Int? = nil
    ) async throws {
        try database?.addAdministrator()
        let standard = [
            "DATABASE_URL": database?.connectionString, "RATE_LIMIT_ENABLED": "false",
            "HOST": "127.0.0.1", "PORT": "0", "SHUTDOWN_DELAY": "0s", "EVENT_LOOPS": "1",
            "DATABASE_ACQUIRE_TIMEOUT": "60s", "DATABASE_STATEMENT_TIMEOUT": "60s",
        ]
        executable = try Executable(
            ["serve"], standard.compactMapValues(\.self).merging(variables) { $1 }, in: folder,
            descriptorsMax: descriptorsMax)
        try await executable.waitForOutput("http://127.0.0.1:")
        // The rest of the line came with its beginning: lines are written whole.
        let text = try #require(
            executable.outputSoFar.split(separator: "http://127.0.0.1:").dropFirst().first)
        let port = try #require(Int(text.prefix { $0.isNumber }))
        self.port = port
        administrator = database.map { _ in AdministratorToken(port: port) }
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
