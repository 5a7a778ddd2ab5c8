/// What a look at the database showed.
package struct DatabaseReport: Equatable, Sendable {
    /// How the database's schema compares with what this build needs.
    package enum Schema: String, Sendable {
        /// Migrations are missing.
        case behind
        /// It is the one that this build was made for.
        case current
        /// It is newer, and compatible by the rule that migrations keep what the last build uses.
        case ahead
    }

    /// How long the answer took; nil when there was none.
    package var latency: Duration?
    /// nil when the database is away.
    package var schema: Schema?
    /// Whether text is kept as UTF-8; nil when the database is away.
    package var isUTF8: Bool?

    /// The database is away.
    package static let down = DatabaseReport(latency: nil, schema: nil, isUTF8: nil)

    /// Makes a report.
    package init(latency: Duration?, schema: Schema?, isUTF8: Bool?) {
        self.latency = latency
        self.schema = schema
        self.isUTF8 = isUTF8
    }

    /// Whether the database answers.
    package var isUp: Bool { latency != nil }

    /// Whether requests can be served from it.
    package var isReady: Bool {
        switch schema {
        case .current, .ahead: isUp && isUTF8 == true
        case .behind, nil: false
        }
    }
}

/// Looks at the database once.
package protocol DatabaseProbe: Sendable {
    /// Asks the database; ``DatabaseReport/down`` if it does not answer.
    func look() async -> DatabaseReport
}
