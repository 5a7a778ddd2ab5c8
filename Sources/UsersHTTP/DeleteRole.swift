import HTTP
import HTTPTypes
import Routing
import Users

/// `DELETE /roles/{name}`: a role that nobody holds.
struct DeleteRole<Repository: RoleRepository>: Endpoint {
    let api: RolesAPI<Repository>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let caller = Caller(request.principal)
        let name = try parameters.roleName("name")
        try await telling { () throws(UserError) in
            try await api.service.delete(name, as: caller)
        }
        return Response(status: .noContent)
    }
}
