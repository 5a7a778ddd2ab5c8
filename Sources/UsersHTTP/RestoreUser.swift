import HTTP
import HTTPTypes
import Routing
import Users

/// `POST /users/{id}/restore`: for administrators, of whom there are none without authentication.
struct RestoreUser: Endpoint {
    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        throw Problem(.notPermitted(.restore))
    }
}
