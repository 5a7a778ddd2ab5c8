package import HTTP

/// Tells whom a request speaks for; a reference, so that to ask it copies nothing.
package protocol Authenticator: AnyObject, Sendable {
    /// Whom a request speaks for, if that is known without asking anybody: a short cut, which
    /// spares most requests a call that may wait. On the caller's executor.
    func knownPrincipal(of request: Request) -> Principal?

    /// Whom a request speaks for; nil if it has no token. On the caller's executor.
    /// - Throws: 401 for a token that is not valid, 503 while that cannot be told.
    func principal(of request: Request) async throws(Problem) -> Principal?
}

extension Authenticator {
    /// Nobody is known beforehand.
    package func knownPrincipal(of request: Request) -> Principal? { nil }
}
