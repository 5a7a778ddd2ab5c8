import HTTP
import HTTPTypes
import Routing
import Users

/// `GET /users/{id}`; a deleted user too, with `?include_deleted=true`.
struct ReadUser<Repository: UserRepository, Hasher: PasswordHasher>: Endpoint {
    let api: UsersAPI<Repository, Hasher>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let caller = try api.caller(of: request)
        let id = try parameters.userID(for: caller)
        let includesDeleted = try Self.includesDeleted(request.head.target)
        let user = try await telling { () throws(UserError) in
            try await api.service.user(
                withID: id, includingDeleted: includesDeleted, as: caller)
        }
        // Both are read before either is decided: what is malformed is 400 whatever else is asked.
        let isAllowed = try VersionTag.precondition(of: request).allows(user.version)
        let isKnown = try VersionTag.isKnown(user.version, to: request)
        guard isAllowed else { throw Problem(.versionMismatch) }
        guard isKnown else {
            return api.response(.ok, user, for: caller)
        }
        var response = Response(status: .notModified)
        api.appendValidators(of: user, for: caller, to: &response)
        return response
    }

    private static func includesDeleted(_ target: RequestTarget) throws(Problem) -> Bool {
        guard target.query != nil else { return false }
        return try QueryReader(target, known: ["include_deleted"]).flag("include_deleted")
    }
}
