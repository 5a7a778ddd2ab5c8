import Postgres

/// Where the database is, and what every connection of ours asks for.
struct DatabaseAddress {
    /// Where requests go, perhaps to a pooler.
    let pooled: DatabaseURL
    /// Where migrations go, and whatever else needs a session that is its own.
    let direct: DatabaseURL
    private let settings: DatabaseSettings

    /// Reads `DATABASE_URL` and `DATABASE_DIRECT_URL`.
    /// - Parameter notice: Receives a line for each that names a driver, which is not used here.
    init(_ settings: DatabaseSettings, notice: (String) -> Void) throws(StartFailure) {
        pooled = try Self.url(settings.url, of: .databaseURL, notice: notice)
        direct =
            settings.directURL == settings.url
            ? pooled : try Self.url(settings.directURL, of: .databaseDirectURL, notice: notice)
        self.settings = settings
    }

    /// What the pool's connections are made with: nothing that a pooler would refuse.
    var keywords: [(name: String, value: String)] {
        let connect = max(2, Int(settings.connectTimeout / .seconds(1)))
        return pooled.keywords(overriding: [("connect_timeout", "\(connect)")])
    }

    /// What a connection of its own is made with, to the database itself.
    var directKeywords: [(name: String, value: String)] {
        let connect = max(2, Int(settings.connectTimeout / .seconds(1)))
        return direct.keywords(overriding: [("connect_timeout", "\(connect)")])
    }

    /// What each session of the pool is told: nothing where a pooler lends it to others after each
    /// transaction. The server gives up a statement a little before we give up the server.
    var sessionSettings: [SessionSetting] {
        guard settings.preparesStatements else { return [] }
        let statement = settings.statementTimeout * 0.9 / .milliseconds(1)
        // We give up an idle transaction first; the server does if this process cannot.
        let idle = settings.pool.idleInTransactionTimeout * 11 / 10 / .milliseconds(1)
        return [
            .number("statement_timeout", max(1, Int(statement))),
            .number("idle_in_transaction_session_timeout", Int(idle)),
            // Short reads have one good plan. Left to itself, the server plans each page anew,
            // since it takes a limit that it does not know yet for a tenth of the table: that was
            // half of what a page cost it.
            .word("plan_cache_mode", "force_generic_plan"),
            // Everything has an index; a whole table is read if there is no other way.
            .word("enable_seqscan", "off"),
        ]
    }

    private static func url(
        _ text: Secret, of name: VariableName, notice: (String) -> Void
    ) throws(StartFailure) -> DatabaseURL {
        let url: DatabaseURL
        do {
            url = try DatabaseURL(parsing: text.rawValue)
        } catch {
            throw .databaseURL(name, error)
        }
        if let driver = url.droppedDriver {
            notice("\(name.rawValue) names the driver \(driver), which is not used")
        }
        return url
    }
}
