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

    /// The signals by which somebody ends the program before there is a password.
    private static var endings: [CInt] { [SIGINT, SIGTERM, SIGHUP, SIGQUIT] }

    /// A line, without its end; a terminal does not show it, and shows again what is typed however
    /// this ends.
    static func read() throws -> String {
        let line = Self.showsInput ? silently { readLine() } : readLine()
        guard let line, !line.isEmpty else { throw NoPassword() }
        return line
    }

    /// Whether standard input is a terminal that shows what is typed, termios(3).
    private static var showsInput: Bool {
        var settings = termios()
        return tcgetattr(STDIN_FILENO, &settings) == 0 && settings.c_lflag & tcflag_t(ECHO) != 0
    }

    private static func silently(_ read: () -> String?) -> String? {
        let previous = endings.map { ($0, signal($0, endWithEcho)) }
        setEcho(false)
        write(STDERR_FILENO, "Password: ", 10)
        defer {
            setEcho(true)
            write(STDERR_FILENO, "\n", 1)
            for (number, handler) in previous { signal(number, handler) }
        }
        return read()
    }

    /// Handles a signal: the terminal shows again what is typed, and the program ends as it would
    /// have. It calls nothing that a handler may not, signal-safety(7).
    private static let endWithEcho: @convention(c) (CInt) -> Void = { number in
        setEcho(true)
        signal(number, SIG_DFL)
        raise(number)
    }

    private static func setEcho(_ isOn: Bool) {
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return }
        if isOn {
            settings.c_lflag |= tcflag_t(ECHO)
        } else {
            settings.c_lflag &= ~tcflag_t(ECHO)
        }
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
    }
}
