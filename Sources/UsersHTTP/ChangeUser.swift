import HTTP
import HTTPTypes
import RateLimiting
import Routing
import Users

/// `PATCH /users/{id}`: a JSON Merge Patch (RFC 7396).
struct ChangeUser<Repository: UserRepository, Hasher: PasswordHasher>: Endpoint {
    let api: UsersAPI<Repository, Hasher>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let caller = Caller(request.principal)
        let id = try parameters.userID(for: caller)
        let precondition = try api.precondition(of: request)
        try await api.checkIfNoneMatch(of: request, id, as: caller)
        let json = try await request.json(
            Request.patchTypes, bytesMax: api.bodyBytesMax)
        let patch = try await telling { () throws(UserError) in
            try await UserPatch.reading(json) { () throws(UserError) in
                try await api.service.user(withID: id, changedBy: caller)
            }
        }
        func change() async throws(Problem) -> Response {
            let user = try await telling { () throws(UserError) in
                try await api.service.change(id, by: patch, expecting: precondition, as: caller)
            }
            return api.response(.ok, user, for: caller)
        }
        guard !patch.changes.email.isKept, patch.currentPassword != nil,
            !caller.may(.write(.email), with: id), let limiter = api.addressLimiter
        else { return try await change() }
        return try await limiter.limit(request, change)
    }
}
