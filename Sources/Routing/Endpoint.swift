package import HTTP
package import HTTPTypes

/// Does one thing for a client: one method on one kind of resource.
package protocol Endpoint: Sendable {
    /// Answers a request whose method and path fit this endpoint's route.
    /// - Throws: A problem, which becomes the answer.
    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response
}

/// What a line of the route table says of a route.
package struct RouteDeclaration: Sendable {
    /// The method it answers. GET answers HEAD too.
    package let method: HTTPRequest.Method
    /// The path, with its open parts in braces, such as `/users/{id}`.
    package let template: String
    /// What clients are told of it.
    package let operation: Operation

    /// Makes a declaration.
    package init(_ method: HTTPRequest.Method, _ template: String, _ operation: Operation) {
        self.method = method
        self.template = template
        self.operation = operation
    }
}

/// One line of the route table.
package struct Route: Sendable {
    /// What is answered, and what clients are told of it.
    package let declaration: RouteDeclaration
    /// What answers.
    package let endpoint: any Endpoint

    /// Makes a line of the table.
    package init(
        _ method: HTTPRequest.Method, _ template: String, _ operation: Operation,
        _ endpoint: any Endpoint
    ) {
        self.init(RouteDeclaration(method, template, operation), endpoint)
    }

    /// Makes a line of the table of what has been declared.
    package init(_ declaration: RouteDeclaration, _ endpoint: any Endpoint) {
        self.declaration = declaration
        self.endpoint = endpoint
    }
}
