package import HTTP
import HTTPTypes
import JSON
package import Routing

/// `GET /version`: which build this is.
package struct VersionEndpoint: Endpoint {
    private let answer: Response

    /// Makes the endpoint of a build, such as `0.1.0`.
    package init(version: String) {
        let body = JSONWriter.object { body in
            body.member("name", "user-management")
            body.member("version", version)
        }
        var answer = Response(status: .ok, contentType: "application/json", body: body)
        answer.fields.append(.cacheControl, "no-store")
        self.answer = answer
    }

    /// Answers with name and version.
    package func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        answer
    }
}
