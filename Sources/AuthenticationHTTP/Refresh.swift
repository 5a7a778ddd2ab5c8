import Authentication
import HTTP
import HTTPTypes
import JSON
import Routing
import Users
import UsersHTTP

/// `POST /auth/refresh`: new tokens for a refresh token.
struct Refresh<Repository: AuthenticationRepository, Mint: TokenMint>: Endpoint {
    let api: AuthenticationAPI<Repository, Mint>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let token = try await request.refreshToken(bytesMax: api.bodyBytesMax)
        return .tokens(
            try await telling { () throws(AuthenticationError) in
                try await api.service.refresh(token)
            })
    }
}

/// `POST /auth/logout`: ends the session of a refresh token or, without content, that of the access
/// token. A token that is none is as good as one whose session has ended.
struct LogOut<Repository: AuthenticationRepository, Mint: TokenMint>: Endpoint {
    let api: AuthenticationAPI<Repository, Mint>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        switch request.head.framing {
        // Many clients tell the length of what they do not send (RFC 9110 §8.6).
        case .none, .length(0):
            guard let session = try await session(of: request) else { return .done }
            try await telling { () throws(AuthenticationError) in
                try await api.service.logOut(session)
            }
        case .length, .chunked:
            let token = try await request.refreshToken(bytesMax: api.bodyBytesMax)
            try await telling { () throws(AuthenticationError) in
                try await api.service.logOut(token)
            }
        }
        return .done
    }

    /// - Throws: 503 while it cannot be told.
    private func session(of request: Request) async throws(Problem) -> SessionID? {
        do throws(Problem) {
            return try await api.authenticator.principal(of: request).map {
                SessionID($0.session)
            }
        } catch {
            guard error.kind.status == .unauthorized else { throw error }
            return nil
        }
    }
}

extension Request {
    /// The refresh token in the content.
    fileprivate func refreshToken(bytesMax: Int) async throws(Problem) -> String {
        let json = try await json(["application/json"], bytesMax: bytesMax)
        do throws(UserError) {
            var reader = try MemberReader(json)
            let token = reader.requiredText("refresh_token")
            try reader.finish()
            return token ?? ""
        } catch {
            throw Problem(error)
        }
    }
}

extension Response {
    /// The answer with tokens (RFC 6749 §5.1).
    static func tokens(_ tokens: IssuedTokens) -> Response {
        var response = Response(
            status: .ok, contentType: "application/json",
            body: JSONWriter.object(capacity: 1024) {
                $0.member("access_token", tokens.access)
                $0.member("token_type", "Bearer")
                $0.member("expires_in", tokens.accessSeconds)
                $0.member("refresh_token", tokens.refresh)
                $0.member("session_id", tokens.session.uuid)
                $0.member("user_id", tokens.user.uuid)
            })
        response.fields.append(.cacheControl, "no-store")
        return response
    }
}
