import HTTP
import HTTPTypes
import Routing
import Users

/// `PATCH /roles/{name}`: a JSON Merge Patch (RFC 7396), of the permissions only.
struct ChangeRole<Repository: RoleRepository>: Endpoint {
    let api: RolesAPI<Repository>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let caller = Caller(request.principal)
        let name = try parameters.roleName("name")
        let json = try await request.json(
            Request.patchTypes, bytesMax: api.bodyBytesMax)
        let role = try await telling { () throws(UserError) in
            let read = { () async throws(UserError) in
                try await api.service.role(named: name, as: caller)
            }
            guard let permissions = try await RoleReader.patch(json, current: read) else {
                return try await read()
            }
            return try await api.service.change(name, to: permissions, as: caller)
        }
        return api.response(.ok, RoleJSON.text(of: role))
    }
}
