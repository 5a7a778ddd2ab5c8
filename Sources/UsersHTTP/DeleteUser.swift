import HTTP
import HTTPTypes
import Routing
import Users

/// `DELETE /users/{id}`: so that it can be restored, or for good, with `?mode=hard`.
struct DeleteUser<Repository: UserRepository, Hasher: PasswordHasher>: Endpoint {
    let api: UsersAPI<Repository, Hasher>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let caller = Caller(request.principal)
        let id = try parameters.userID(for: caller)
        let precondition = try api.precondition(of: request)
        try await api.checkIfNoneMatch(of: request, id, as: caller)
        let isForGood = try Self.isForGood(request.head.target)
        try await telling { () throws(UserError) in
            if isForGood {
                try await api.service.deleteForGood(id, expecting: precondition, as: caller)
            } else {
                try await api.service.delete(id, expecting: precondition, as: caller)
            }
        }
        return Response(status: .noContent)
    }

    /// - Throws: 400 for a mode that there is not.
    private static func isForGood(_ target: RequestTarget) throws(Problem) -> Bool {
        switch try QueryReader(target, known: ["mode"]).value(of: "mode") {
        case nil, "soft": return false
        case "hard": return true
        default:
            throw Problem(
                of: .invalidMode,
                detail: "The query may be mode=soft, which is the default, or mode=hard.")
        }
    }
}
