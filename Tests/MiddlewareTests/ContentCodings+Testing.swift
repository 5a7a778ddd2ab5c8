import HTTP
import Routing

@testable import Middleware

extension ContentCodings {
    /// Has a handler answer, as ``RequestRecorder`` does.
    func respond(to request: Request, by handler: any Handler) async -> Response {
        var request = request
        decode(&request)
        var response = await handler.respond(to: request)
        if concern(response) { await encode(&response, to: request) }
        return response
    }
}
