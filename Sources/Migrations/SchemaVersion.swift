/// How a database's schema compares with the one that a build needs.
package enum SchemaVersion: Equatable, Sendable {
    /// Migrations that the build needs have not run.
    case behind
    /// The last migration that has run is the one that the build needs.
    case current
    /// Later migrations have run; they keep what this build uses.
    case ahead

    /// Selects the last revision that has run, as `text`; no row if none has. It fails with the
    /// SQLSTATE `42P01` in a database that has seen no migration.
    package static let appliedHeadSQL =
        "SELECT revision FROM schema_migrations ORDER BY revision DESC LIMIT 1"

    /// Compares the last revision that has run with the one that is needed.
    /// - Parameter applied: What ``appliedHeadSQL`` selects; nil without a row. A text that is no
    ///   revision of ours counts as none.
    package init(applied: String?, required: Revision) {
        guard let applied = applied.flatMap({ Revision(parsing: $0) }), applied >= required else {
            self = .behind
            return
        }
        self = applied == required ? .current : .ahead
    }
}
