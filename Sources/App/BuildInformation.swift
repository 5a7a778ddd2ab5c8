package import Migrations

/// What this build is.
package enum BuildInformation {
    /// The version, as semver.org has it.
    package static let version = "0.1.0"
    /// The last migration in `migrations/` when it was made; a database behind it is not ready.
    package static let requiredRevision = Revision(number: 4)
}
