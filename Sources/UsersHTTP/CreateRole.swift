import HTTP
import HTTPTypes
import Routing
import Users

/// `POST /roles`.
struct CreateRole<Repository: RoleRepository>: Endpoint {
    let api: RolesAPI<Repository>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let caller = Caller(request.principal)
        let json = try await request.json(["application/json"], bytesMax: api.bodyBytesMax)
        let role = try await telling { () throws(UserError) in
            let (name, permissions) = try RoleReader.newRole(json)
            return try await api.service.create(name, permissions, as: caller)
        }
        var response = api.response(.created, RoleJSON.text(of: role))
        response.fields.append(.location, "/roles/\(role.name.rawValue)")
        return response
    }
}
