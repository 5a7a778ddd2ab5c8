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

/// One line of the route table.
package struct Route: Sendable {
    /// The method it answers. GET answers HEAD too.
    package let method: HTTPRequest.Method
    /// The path, with its open parts in braces, such as `/users/{id}`.
    package let template: String
    /// What answers.
    package let endpoint: any Endpoint

    /// Makes a line of the table.
    package init(_ method: HTTPRequest.Method, _ template: String, _ endpoint: any Endpoint) {
        self.method = method
        self.template = template
        self.endpoint = endpoint
    }
}
