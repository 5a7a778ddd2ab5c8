import HTTP
import HTTPTypes
import Routing
import Users

/// `GET /users/{id}`.
struct ReadUser<Repository: UserRepository, Hasher: PasswordHasher>: Endpoint {
    let api: UsersAPI<Repository, Hasher>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let caller = api.caller(of: request)
        let id = try parameters.userID()
        let user = try await telling { () throws(UserError) in
            try await api.service.user(withID: id, as: caller)
        }
        guard try VersionTag.precondition(of: request).allows(user.version) else {
            throw Problem(.versionMismatch)
        }
        guard try VersionTag.isKnown(user.version, to: request) else {
            return api.response(.ok, user, for: caller)
        }
        var response = Response(status: .notModified)
        api.appendValidators(of: user, for: caller, to: &response)
        return response
    }
}
