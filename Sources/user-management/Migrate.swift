import App
import ArgumentParser

/// `user-management migrate …`; the verbs are Alembic's.
struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Change the database's schema, or tell where it is.",
        subcommands: [
            Upgrade.self, Downgrade.self, Current.self, History.self, Heads.self, Check.self,
        ])

    struct Upgrade: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Run pending migrations.")

        @Argument(help: "head, +N, or a revision such as 0002.")
        var target: String

        func run() throws {
            try migrate { command in try command.upgrade(to: target) { print($0) } }
        }
    }

    struct Downgrade: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Undo migrations.")

        // -N looks like an option, so it is taken from what is left over.
        @Argument(
            parsing: .allUnrecognized,
            help: ArgumentHelp("base, -N, or a revision such as 0001.", valueName: "target"))
        var targets: [String]

        func validate() throws {
            guard targets.count == 1 else {
                throw ValidationError("There must be one target: base, -N, or a revision.")
            }
        }

        func run() throws {
            try migrate { command in try command.downgrade(to: targets[0]) { print($0) } }
        }
    }

    struct Current: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print where the database is.")

        func run() throws {
            try migrate { command in print(try command.current()) }
        }
    }

    struct History: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print all migrations, the latest first.")

        func run() throws {
            try migrate { command in
                for line in try command.history() { print(line) }
            }
        }
    }

    struct Heads: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the last migration.")

        func run() throws {
            try migrate { command in print(command.heads()) }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Exit with status 1 if a migration is pending.")

        func run() throws {
            let isPending = try migrate { command in
                let (lines, isPending) = try command.check()
                for line in lines { print(line) }
                return isPending
            }
            if isPending { throw ExitCode.failure }
        }
    }
}

/// Runs one of the verbs and explains what goes wrong.
private func migrate<Value>(
    _ body: (borrowing MigrateCommand) throws -> Value
) throws -> Value {
    do {
        return try body(MigrateCommand(.ofProcess()))
    } catch {
        throw explained(error)
    }
}
