import HTTP
import HTTPTypes
import Routing
import Users

/// `POST /users`.
struct RegisterUser<Repository: UserRepository, Hasher: PasswordHasher>: Endpoint {
    let api: UsersAPI<Repository, Hasher>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let caller = try api.caller(of: request)
        guard api.isRegistrationOpen || caller.may(.registerWhileClosed) else {
            throw Problem(of: .registrationClosed)
        }
        let json = try await request.json(["application/json"], bytesMax: api.bodyBytesMax)
        let user = try await telling { () throws(UserError) in
            let draft = try UserDraft(json, passwordPolicy: api.passwordPolicy)
            return try await api.service.register(draft, as: caller)
        }
        return api.created(user, for: caller)
    }
}
