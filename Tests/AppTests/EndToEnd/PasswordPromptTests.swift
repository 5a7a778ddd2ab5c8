import Glibc
import Testing

@Suite("The prompt for a password")
struct PasswordPromptTests {
    /// A pseudoterminal, openpty(3).
    private final class Terminal {
        let leader: CInt
        let follower: CInt

        init() throws {
            var (leader, follower): (CInt, CInt) = (-1, -1)
            try #require(openpty(&leader, &follower, nil, nil, nil) == 0)
            (self.leader, self.follower) = (leader, follower)
        }

        deinit {
            close(leader)
            close(follower)
        }

        /// Whether it shows what is typed, termios(3).
        var showsInput: Bool {
            get throws {
                var settings = termios()
                try #require(tcgetattr(follower, &settings) == 0)
                return settings.c_lflag & tcflag_t(ECHO) != 0
            }
        }

        func type(_ text: String) {
            let octets = Array(text.utf8)
            write(leader, octets, octets.count)
        }
    }

    private static let arguments = ["admin", "create", "--email", "ada@example.com"]

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT])
    func `a signal ends it, and the terminal shows again what is typed`(
        _ number: CInt
    ) async throws {
        let terminal = try Terminal()
        #expect(try terminal.showsInput)
        let command = try Executable(Self.arguments, [:], from: terminal.follower)
        try await command.waitForErrors("Password: ")
        #expect(try !terminal.showsInput)
        command.signal(number)
        // A core dump is told by a bit of its own.
        #expect(try await command.run().status & ~0x80 == (128 + number) & ~0x80)
        #expect(try terminal.showsInput)
    }

    @Test func `a line that is typed is not shown, and what comes after it is`() async throws {
        let terminal = try Terminal()
        let command = try Executable(Self.arguments, [:], from: terminal.follower)
        try await command.waitForErrors("Password: ")
        terminal.type("seventeen brave otters\n")
        let ended = try await command.run()
        #expect(ended.status == 2 && ended.errors.contains("DATABASE_URL is not set"))
        #expect(try terminal.showsInput)
    }
}
