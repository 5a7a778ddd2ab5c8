import App
import ArgumentParser
import Glibc

/// `user-management admin`.
struct Admin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Manage administrators.", subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an administrator.",
            discussion: """
                The password is read from standard input, up to the first line break, or asked \
                for if that is a terminal. The id of the new user is printed.
                """)

        @Option(help: "The e-mail address to log in with.")
        var email: String

        @Option(help: "The name that others see; Administrator if it is not given.")
        var displayName: String?

        func run() async throws {
            do {
                let password = try PasswordPrompt.read()
                print(
                    try await AdminCommand.create(
                        .ofProcess(), email: email, displayName: displayName,
                        password: password))
            } catch {
                throw explained(error)
            }
        }
    }
}

/// Reads a password from standard input.
enum PasswordPrompt {
    struct NoPassword: Error, CustomStringConvertible {
        let description = "There is no password on standard input."
    }

    /// A line, without its end; a terminal does not show it, termios(3).
    static func read() throws -> String {
        var settings = termios()
        let isTerminal = tcgetattr(STDIN_FILENO, &settings) == 0
        if isTerminal {
            var silent = settings
            silent.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
            write(STDERR_FILENO, "Password: ", 10)
        }
        let line = readLine()
        if isTerminal {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
            write(STDERR_FILENO, "\n", 1)
        }
        guard let line, !line.isEmpty else { throw NoPassword() }
        return line
    }
}
