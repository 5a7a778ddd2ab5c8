import HTTP
import HTTPTypes
import JSON
import Routing
import Users

/// `POST /users`; with an `Idempotency-Key` it may be repeated and makes one user all the same.
struct RegisterUser<Repository: UserRepository, Hasher: PasswordHasher>: Endpoint {
    let api: UsersAPI<Repository, Hasher>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let caller = Caller(request.principal)
        guard api.isRegistrationOpen || caller.may(.registerWhileClosed) else {
            throw Problem(of: .registrationClosed)
        }
        let key = try IdempotencyKey(of: request)
        let content = try await request.content(
            ["application/json"], bytesMax: api.bodyBytesMax)
        let json = try JSONValue(content: content)
        guard let key else {
            let user = try await telling { () throws(UserError) in
                try await api.service.register(draft(json), as: caller)
            }
            return api.created(user, for: caller)
        }
        let attempt = key.attempt(
            of: request, as: caller, content, keys: try await api.keys())
        let registration = try await telling { () throws(UserError) in
            try await api.service.register(draft(json), once: attempt, as: caller)
        }
        var response = api.created(registration.user, for: caller)
        if registration.isRepeated {
            response.fields.append(.idempotencyReplayed, "true")
        }
        return response
    }

    private func draft(_ json: JSONValue) throws(UserError) -> UserDraft {
        try UserDraft(json, passwordPolicy: api.passwordPolicy)
    }
}
