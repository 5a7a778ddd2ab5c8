import HTTP
import HTTPTypes
import Routing
import Users

/// `PUT` and `DELETE /users/{id}/roles/{role}`: grants a role or revokes it.
struct ChangeUserRole<Repository: UserRepository, Hasher: PasswordHasher>: Endpoint {
    let api: UsersAPI<Repository, Hasher>
    let change: @Sendable (RoleName) -> RoleChange

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let caller = Caller(request.principal)
        let id = try parameters.userID(for: caller)
        let role = try parameters.roleName("role")
        let precondition = try api.precondition(of: request)
        _ = try await telling { () throws(UserError) in
            try await api.service.changeRoles(
                of: id, by: change(role), expecting: precondition, as: caller)
        }
        return Response(status: .noContent)
    }
}
