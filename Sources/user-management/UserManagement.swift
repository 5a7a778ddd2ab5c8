import App
import ArgumentParser
import Glibc

/// The command line.
@main
struct UserManagement: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user-management",
        abstract: "A REST service that keeps users in PostgreSQL.",
        discussion: """
            It is configured by environment variables and a .env file in the working directory; \
            .env.example lists them all.
            """,
        version: BuildInformation.version,
        subcommands: [Serve.self, Migrate.self, Admin.self, Healthcheck.self])
}

/// `user-management serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serve until a signal ends it.")

    func run() async throws {
        do {
            try await ServeCommand.run(.ofProcess())
        } catch {
            throw explained(error)
        }
    }
}

/// `user-management healthcheck`.
struct Healthcheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask the running service for its health; the exit status is the answer.")

    func run() throws {
        do {
            try HealthcheckCommand.run(.ofProcess())
        } catch {
            throw explained(error)
        }
    }
}

/// Prints why a command failed and says how the process is to end: with status 2 when it could
/// not begin, else with 1.
func explained(_ error: any Error) -> ExitCode {
    for line in "\(error)".split(whereSeparator: \.isNewline) { complain("\(line)") }
    return error is StartFailure ? ExitCode(2) : .failure
}

/// Writes a line to standard error.
func complain(_ line: String) {
    let text = "user-management: \(line)\n"
    _ = write(STDERR_FILENO, text, text.utf8.count)
}
