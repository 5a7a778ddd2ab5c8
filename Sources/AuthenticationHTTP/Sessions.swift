import Ambient
import Authentication
import HTTP
import HTTPTypes
import JSON
import Routing
import Users
import UsersHTTP

/// `GET /users/{id}/sessions`: from where a user is logged in.
struct ListSessions<Repository: AuthenticationRepository, Mint: TokenMint>: Endpoint {
    let api: AuthenticationAPI<Repository, Mint>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let id = try parameters.userID(for: Caller(request.principal))
        let sessions = try await telling { () throws(AuthenticationError) in
            try await api.service.sessions(of: id)
        }
        let current = request.principal?.session
        let body = JSONWriter.object(capacity: 64 + 512 * sessions.count) { body in
            body.array("items") { items in
                for session in sessions {
                    items.object { $0.members(of: session, isCurrent: session.id.uuid == current) }
                }
            }
        }
        var response = Response(status: .ok, contentType: "application/json", body: body)
        response.fields.append(.cacheControl, "no-store")
        return response
    }
}

/// `DELETE /users/{id}/sessions`: logs a user out everywhere, or everywhere else.
struct EndSessions<Repository: AuthenticationRepository, Mint: TokenMint>: Endpoint {
    let api: AuthenticationAPI<Repository, Mint>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let id = try parameters.userID(for: Caller(request.principal))
        let query = try QueryReader(request.head.target, known: ["keep_current"])
        let current = request.principal.map { SessionID($0.session) }
        let kept = try query.flag("keep_current") ? current : nil
        try await telling { () throws(AuthenticationError) in
            try await api.service.endSessions(of: id, but: kept)
        }
        return .done
    }
}

/// `DELETE /users/{id}/sessions/{session_id}`: logs a user out in one place.
struct EndSession<Repository: AuthenticationRepository, Mint: TokenMint>: Endpoint {
    let api: AuthenticationAPI<Repository, Mint>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let id = try parameters.userID(for: Caller(request.principal))
        let session = parameters.withOctets(of: "session_id") { UUID(parsing: $0) }
        try await telling { () throws(AuthenticationError) in
            // What is no id is nobody's session.
            guard let session else { throw AuthenticationError.sessionNotFound }
            try await api.service.end(SessionID(session), of: id)
        }
        return .done
    }
}

extension JSONObjectWriter {
    /// Writes the members of a session.
    fileprivate mutating func members(of session: Session, isCurrent: Bool) {
        member("id", session.id.uuid)
        member("created_at", session.createdAt)
        member("last_seen_at", session.refreshedAt)
        member("expires_at", session.expiresAt)
        member("address", session.client.address)
        member("user_agent", session.client.userAgent)
        member("is_current", isCurrent)
    }
}
