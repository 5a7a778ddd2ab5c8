import HTTP
import Routing

@testable import Middleware

extension ContentCodings {
    /// Has a handler answer, as ``RequestRecorder`` does.
    func respond(to request: Request, by handler: any Handler) async -> Response {
        var request = request
        decode(&request)
        let response = await handler.respond(to: request)
        return concern(response) ? await encode(response, to: request.head) : response
    }
}
