import Logging
import Postgres

/// Where the database is, and the settings that every connection of ours asks for.
struct DatabaseAddress {
    let url: DatabaseURL
    private let settings: DatabaseSettings

    /// Reads `DATABASE_URL`, with a notice when it names a driver that is not used here.
    init(_ settings: DatabaseSettings, logger: Logger?) throws(StartFailure) {
        do {
            url = try DatabaseURL(parsing: settings.url.rawValue)
        } catch {
            throw .databaseURL(error)
        }
        self.settings = settings
        if let notice { logger?.notice("\(notice)") }
    }

    /// What the operator should know of an address that is accepted; nil if nothing.
    var notice: String? {
        url.droppedDriver.map { "DATABASE_URL names the driver \($0), which is not used" }
    }

    /// What the pool's connections are made with. The server gives up a statement a little before
    /// we give up the server.
    var keywords: [(name: String, value: String)] {
        let statement = settings.statementTimeout * 0.9 / .milliseconds(1)
        let connect = max(2, Int(settings.connectTimeout / .seconds(1)))
        return url.keywords(overriding: [
            ("connect_timeout", "\(connect)"),
            ("options", "-c statement_timeout=\(max(1, Int(statement)))"),
        ])
    }
}
