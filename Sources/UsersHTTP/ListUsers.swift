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
        let caller = Caller(request.principal)
        let cursors = CursorText(key: try await api.keys().cursors)
        let query = try PageQuery(request.head.target, cursors: cursors)
        let page = try await telling { () throws(UserError) in
            try await api.service.page(
                of: query.selection, after: query.cursor, limit: query.limit,
                total: query.total, as: caller)
        }
        let cursor = page.next.map { cursors.text(of: $0, in: query.selection) }
        var response = Response(
            status: .ok, contentType: "application/json",
            body: UserJSON.text(of: page, next: cursor, for: caller))
        response.fields.appendPrivateCaching()
        if let cursor {
            response.fields.append(.link, "<\(query.target(after: cursor))>; rel=\"next\"")
        }
        return response
    }
}
