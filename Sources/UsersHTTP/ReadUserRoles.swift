import HTTP
import HTTPTypes
import Routing
import Users

/// `GET /users/{id}/roles`.
struct ReadUserRoles<Repository: UserRepository, Hasher: PasswordHasher>: Endpoint {
    let api: UsersAPI<Repository, Hasher>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let caller = Caller(request.principal)
        let id = try parameters.userID(for: caller)
        let user = try await telling { () throws(UserError) in
            try await api.service.userForRoles(id, as: caller)
        }
        return try api.notModified(user, to: request, for: caller)
            ?? api.rolesResponse(user, for: caller)
    }
}

extension UsersAPI {
    /// The answer that shows the roles of a user, in the version of the user.
    func rolesResponse(_ user: User, for caller: Caller) -> Response {
        var response = Response(
            status: .ok, contentType: "application/json", body: RoleJSON.text(of: user.roles))
        appendValidators(of: user, for: caller, to: &response)
        return response
    }
}
