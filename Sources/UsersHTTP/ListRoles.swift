import HTTP
import HTTPTypes
import Routing
import Users

/// `GET /roles`: all of them, of which there are never many.
struct ListRoles<Repository: RoleRepository>: Endpoint {
    let api: RolesAPI<Repository>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let caller = Caller(request.principal)
        let roles = try await telling { () throws(UserError) in
            try await api.service.roles(as: caller)
        }
        return api.response(.ok, RoleJSON.text(of: roles))
    }
}
