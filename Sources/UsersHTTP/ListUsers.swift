import HTTP
import HTTPTypes
import Routing
import Users

/// `GET /users`: those who are asked for, page by page.
struct ListUsers<Repository: UserRepository, Hasher: PasswordHasher>: Endpoint {
    let api: UsersAPI<Repository, Hasher>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let caller = try api.caller(of: request)
        let query = try PageQuery(request.head.target)
        let page = try await telling { () throws(UserError) in
            try await api.service.page(
                of: query.selection, after: query.cursor, limit: query.limit, as: caller)
        }
        var response = Response(
            status: .ok, contentType: "application/json",
            body: UserJSON.text(of: page, in: query.selection, for: caller))
        response.fields.append(.cacheControl, "private, no-cache")
        response.fields.append(.vary, "Authorization, Accept-Encoding")
        if let next = page.next {
            response.fields.append(.link, "<\(query.target(after: next))>; rel=\"next\"")
        }
        return response
    }
}
