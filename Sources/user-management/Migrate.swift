import App
import ArgumentParser

/// `user-management migrate …`; the verbs are Alembic's.
struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Change the database's schema, or tell where it is.",
        subcommands: [
            Upgrade.self, Downgrade.self, Stamp.self, Current.self, History.self, Heads.self,
            Check.self,
        ])

    struct Upgrade: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run pending migrations.",
            discussion: """
                With --sql the target may be FROM:TO, such as base:head or 0001:+1, and no \
                database is asked. Without FROM the SQL begins where the database is, or at base \
                if no address is set. It is for psql --set=ON_ERROR_STOP=1.
                """)

        @Argument(help: "head, +N, or a revision such as 0002.")
        var target: String

        @Flag(help: "Print the SQL instead of running it.")
        var sql = false

        func run() throws {
            try migrate { command in
                if sql {
                    print(try command.upgradeSQL(over: target), terminator: "")
                } else {
                    try command.upgrade(to: target) { print($0) }
                }
            }
        }
    }

    struct Downgrade: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Undo migrations.",
            discussion: """
                With --sql the target may be FROM:TO, such as head:base or 0002:-1, and no \
                database is asked. Without FROM the SQL begins where the database is. It is for \
                psql --set=ON_ERROR_STOP=1.
                """)

        // -N looks like an option, so it is taken from what is left over.
        @Argument(
            parsing: .allUnrecognized,
            help: ArgumentHelp("base, -N, or a revision such as 0001.", valueName: "target"))
        var targets: [String]

        @Flag(help: "Print the SQL instead of running it.")
        var sql = false

        func validate() throws {
            guard targets.count == 1 else {
                throw ValidationError("There must be one target: base, -N, or a revision.")
            }
        }

        func run() throws {
            try migrate { command in
                if sql {
                    print(try command.downgradeSQL(over: targets[0]), terminator: "")
                } else {
                    try command.downgrade(to: targets[0]) { print($0) }
                }
            }
        }
    }

    struct Stamp: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record which migrations have run, and run none.")

        @Argument(help: "base, head, or a revision such as 0002.")
        var position: String

        func run() throws {
            try migrate { command in print(try command.stamp(position)) }
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
            try migrate { command in print(try command.heads()) }
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
    _ body: (MigrateCommand) throws -> Value
) throws -> Value {
    do {
        return try body(MigrateCommand(.ofProcess(), notice: complain))
    } catch {
        throw explained(error)
    }
}
