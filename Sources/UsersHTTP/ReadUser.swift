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
        let user: User
        // `telling` would keep memory of its own while this waits.
        do {
            user = try await api.service.user(
                withID: id, includingDeleted: includesDeleted, as: caller)
        } catch {
            throw Problem(error)
        }
        return try api.answer(to: request, user, for: caller)
    }

    private static func includesDeleted(_ target: RequestTarget) throws(Problem) -> Bool {
        guard target.query != nil else { return false }
        return try QueryReader(target, known: ["include_deleted"]).flag("include_deleted")
    }
}
