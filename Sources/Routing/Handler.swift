package import HTTP

/// Answers requests; whatever goes wrong is an answer too.
package protocol Handler: Sendable {
    /// Answers one request, on the caller's executor.
    func respond(to request: consuming Request) async -> Response
}

/// Stands before a handler and may look at what goes in and comes out, or answer itself.
package protocol Middleware: Sendable {
    /// Answers `request`, usually by asking `next`.
    func respond(to request: consuming Request, next: any Handler) async -> Response
}

extension Handler {
    /// This handler behind `middleware`, the first of which sees a request first. The chain is
    /// built once.
    package func behind(_ middleware: [any Middleware]) -> any Handler {
        middleware.reversed().reduce(self as any Handler) { next, middleware in
            Link(middleware: middleware, next: next)
        }
    }
}

/// One middleware with what stands behind it.
private struct Link: Handler {
    let middleware: any Middleware
    let next: any Handler

    func respond(to request: consuming Request) async -> Response {
        await middleware.respond(to: request, next: next)
    }
}
