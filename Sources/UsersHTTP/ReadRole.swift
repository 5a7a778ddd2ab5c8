import HTTP
import HTTPTypes
import Routing
import Users

/// `GET /roles/{name}`.
struct ReadRole<Repository: RoleRepository>: Endpoint {
    let api: RolesAPI<Repository>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let caller = Caller(request.principal)
        let name = try parameters.roleName("name")
        let role = try await telling { () throws(UserError) in
            try await api.service.role(named: name, as: caller)
        }
        return api.response(.ok, RoleJSON.text(of: role))
    }
}
