import HTTP
import HTTPTypes
import Routing
import Users

/// `GET /users/{id}`; a deleted user too, with `?include_deleted=true`.
struct ReadUser<Repository: UserRepository, Hasher: PasswordHasher>: Endpoint {
    let api: UsersAPI<Repository, Hasher>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let caller = Caller(request.principal)
        let id = try parameters.userID(for: caller)
        let includesDeleted = try Self.includesDeleted(request.head.target)
        let user = try await telling { () throws(UserError) in
            try await api.service.user(
                withID: id, includingDeleted: includesDeleted, as: caller)
        }
        return try api.notModified(user, to: request, for: caller)
            ?? api.response(.ok, user, for: caller)
    }

    private static func includesDeleted(_ target: RequestTarget) throws(Problem) -> Bool {
        guard target.query != nil else { return false }
        return try QueryReader(target, known: ["include_deleted"]).flag("include_deleted")
    }
}
