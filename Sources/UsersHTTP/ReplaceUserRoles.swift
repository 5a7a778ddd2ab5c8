import HTTP
import HTTPTypes
import JSON
import Routing
import Users

/// `PUT /users/{id}/roles`: all roles of a user at once.
struct ReplaceUserRoles<Repository: UserRepository, Hasher: PasswordHasher>: Endpoint {
    let api: UsersAPI<Repository, Hasher>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let caller = Caller(request.principal)
        let id = try parameters.userID(for: caller)
        let precondition = try api.precondition(of: request)
        let json = try await request.json(["application/json"], bytesMax: api.bodyBytesMax)
        let user = try await telling { () throws(UserError) in
            try await api.service.changeRoles(
                of: id, by: .replace(try RoleSet.reading(json)), expecting: precondition,
                as: caller)
        }
        return api.rolesResponse(user, for: caller)
    }
}

extension RoleSet {
    /// Reads what a `PUT /users/{id}/roles` asks for.
    /// - Throws: ``UserError/invalid(_:)`` with every fault.
    fileprivate static func reading(_ value: JSONValue) throws(UserError) -> RoleSet {
        var reader = try MemberReader(value)
        if reader[UserMember.roles.rawValue] == nil {
            reader.note(.roles, InvalidValue(.required, "The member is required."))
        }
        let change = reader.rolesChange()
        try reader.finish()
        guard let roles = change.value else {
            preconditionFailure("A required member is missing without a fault.")
        }
        return roles
    }
}
