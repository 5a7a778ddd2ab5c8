import HTTP
import HTTPTypes
import Routing

/// Answers with its name and with the values of some parameters.
struct TestEndpoint: Endpoint {
    let name: String
    var parameters: [String] = []

    func respond(
        to request: Request, _ values: PathParameters
    ) async throws(Problem) -> Response {
        let texts = [name] + parameters.map { values[$0] }
        return Response(
            status: .ok, contentType: "text/plain",
            body: Array(texts.joined(separator: " ").utf8))
    }
}

/// Fails with a problem.
struct FailingEndpoint: Endpoint {
    let problem: Problem

    func respond(
        to request: Request, _ values: PathParameters
    ) async throws(Problem) -> Response {
        throw problem
    }
}

extension Response {
    var text: String { String(decoding: body, as: UTF8.self) }
}
