import HTTP
import HTTPTypes
import Routing
import Users

/// `POST /users/{id}/restore`: undoes a deletion that was not for good.
struct RestoreUser<Repository: UserRepository, Hasher: PasswordHasher>: Endpoint {
    let api: UsersAPI<Repository, Hasher>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let caller = Caller(request.principal)
        let id = try parameters.userID(for: caller)
        let precondition = try api.precondition(of: request)
        let user = try await telling { () throws(UserError) in
            try await api.service.restore(id, expecting: precondition, as: caller)
        }
        return api.response(.ok, user, for: caller)
    }
}
