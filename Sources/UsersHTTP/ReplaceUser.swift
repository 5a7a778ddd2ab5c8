import HTTP
import HTTPTypes
import Routing
import Users

/// `PUT /users/{id}`: gives a user other members, or makes one under a chosen id with
/// `If-None-Match: *` (RFC 9110 §13.1.2).
struct ReplaceUser<Repository: UserRepository, Hasher: PasswordHasher>: Endpoint {
    let api: UsersAPI<Repository, Hasher>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let caller = Caller(request.principal)
        let id = try parameters.userID(for: caller)
        guard caller.may(.replace) else { throw Problem(.notPermitted(.replace)) }
        return try await VersionTag.wantsNone(request)
            ? create(id, request, as: caller) : replace(id, request, as: caller)
    }

    private func replace(
        _ id: UserID, _ request: Request, as caller: Caller
    ) async throws(Problem) -> Response {
        let precondition = try api.precondition(of: request)
        try await api.checkIfNoneMatch(of: request, id, as: caller)
        let json = try await request.json(["application/json"], bytesMax: api.bodyBytesMax)
        let user = try await telling { () throws(UserError) in
            let changes = try await UserChanges.replacing(json) { () throws(UserError) in
                try await api.service.user(withID: id, changedBy: caller)
            }
            return try await api.service.replace(
                id, by: changes, expecting: precondition, as: caller)
        }
        return api.response(.ok, user, for: caller)
    }

    private func create(
        _ id: UserID, _ request: Request, as caller: Caller
    ) async throws(Problem) -> Response {
        // Nobody can be there in some version and not be there.
        _ = try VersionTag.precondition(of: request)
        guard !request.head.fields.contains(.ifMatch) else { throw Problem(.versionMismatch) }
        let json = try await request.json(["application/json"], bytesMax: api.bodyBytesMax)
        let user: User
        do throws(UserError) {
            let draft = try UserDraft(json, id: id, passwordPolicy: api.passwordPolicy)
            user = try await api.service.register(draft, as: caller)
        } catch .idTaken {
            // Who has the id is there, so that the condition does not hold; or is deleted.
            let isThere = try await telling { () throws(UserError) in
                try await api.service.isThere(id, as: caller)
            }
            throw Problem(isThere ? .versionMismatch : .idTaken)
        } catch {
            throw Problem(error)
        }
        return api.created(user, for: caller)
    }
}
