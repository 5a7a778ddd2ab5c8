/// An error that a scope on a connection may end with: the caller's own, or that of the database.
package protocol DatabaseFailure: Error {
    /// What an error of the database means here.
    init(_ error: PostgresError)
}

extension PostgresError: DatabaseFailure {
    /// The error itself.
    package init(_ error: PostgresError) { self = error }
}
