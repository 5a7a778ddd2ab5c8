/// What a look at the database showed.
package struct DatabaseReport: Equatable, Sendable {
    /// How the database's schema compares with what this build needs.
    package struct Schema: Equatable, Sendable {
        /// Which of the two is newer.
        package enum Status: String, Sendable {
            /// Migrations are missing.
            case behind
            /// It is the one that this build was made for.
            case current
            /// It is newer, and compatible by the rule that migrations keep what the last build
            /// uses.
            case ahead
        }

        /// Which of the two is newer.
        package let status: Status
        /// The last revision that has run; nil if none has.
        package let applied: String?
        /// The revision that this build needs.
        package let required: String

        /// Makes a comparison.
        package init(_ status: Status, applied: String?, required: String) {
            self.status = status
            self.applied = applied
            self.required = required
        }
    }

    /// How long the answer took; nil when there was none.
    package var latency: Duration?
    /// nil when the database does not tell.
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
        switch schema?.status {
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
