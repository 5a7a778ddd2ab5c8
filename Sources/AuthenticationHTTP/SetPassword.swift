import Authentication
import HTTP
import HTTPTypes
import JSON
import Routing
import Users
import UsersHTTP

/// `PUT /users/{id}/password`: another password, which ends the other sessions.
struct SetPassword<Repository: AuthenticationRepository, Mint: TokenMint>: Endpoint {
    let api: AuthenticationAPI<Repository, Mint>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let caller = Caller(request.principal)
        let id = try parameters.userID(for: caller)
        let json = try await request.json(["application/json"], bytesMax: api.bodyBytesMax)
        let (password, current) = try passwords(json)
        let kept = caller.id == id ? request.principal.map { SessionID($0.session) } : nil
        var budget: LoginBudget?
        do throws(AuthenticationError) {
            try await api.service.setPassword(
                of: id, to: password, current: current, keeping: kept, hasher: api.hasher,
                network: request.client.network.octets, as: caller
            ) { budget = $0 }
        } catch {
            // A right password takes nothing of it.
            var problem = Problem(error)
            if let budget { problem.fields.append(budget) }
            throw problem
        }
        return .done
    }

    private func passwords(
        _ json: JSONValue
    ) throws(Problem) -> (new: Password, current: PasswordCandidate?) {
        do throws(UserError) {
            var reader = try MemberReader(json)
            let current = reader.optionalText("current_password")
            var password: Password?
            if let text = reader.requiredText(UserMember.password.rawValue) {
                do throws(InvalidValue) {
                    password = try Password(parsing: text, under: api.passwordPolicy)
                } catch {
                    reader.note(pointer: UserMember.password.pointer, error)
                }
            }
            try reader.finish()
            guard let password else {
                preconditionFailure("A required member is missing without a fault.")
            }
            return (password, current.map(PasswordCandidate.init))
        } catch {
            throw Problem(error)
        }
    }
}

/// `DELETE /users/{id}/lockout`: forgets failed logins, so that nobody has to wait.
struct ClearLockout<Repository: AuthenticationRepository, Mint: TokenMint>: Endpoint {
    let api: AuthenticationAPI<Repository, Mint>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let id = try parameters.userID(for: Caller(request.principal))
        try await telling { () throws(AuthenticationError) in
            try await api.service.clearLockout(of: id)
        }
        return .done
    }
}

/// `GET /.well-known/jwks.json`: the keys that verify access tokens (RFC 7517 §5).
struct ReadKeySet<Repository: AuthenticationRepository, Mint: TokenMint>: Endpoint {
    let api: AuthenticationAPI<Repository, Mint>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let keySet = try await telling { () throws(UserError) in
            try await api.service.keySet()
        }
        var response = Response(status: .ok, contentType: "application/json", body: keySet)
        response.fields.append(.cacheControl, "public, max-age=300")
        return response
    }
}
