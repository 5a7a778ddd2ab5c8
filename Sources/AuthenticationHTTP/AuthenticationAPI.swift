package import Authentication
import HTTP
import HTTPTypes
package import Routing
package import Users
import UsersHTTP

/// What the endpoints of logins and sessions share: a reference, so that an endpoint is one word.
package final class AuthenticationAPI<
    Repository: AuthenticationRepository, Mint: TokenMint
>: Sendable {
    let service: AuthenticationService<Repository, Mint>
    let hasher: any PasswordHasher
    let passwordPolicy: PasswordPolicy
    let bodyBytesMax: Int
    let authenticator: any Authenticator

    /// Makes the endpoints' common part.
    /// - Parameters:
    ///   - hasher: Hashes new passwords.
    ///   - bodyBytesMax: Largest body in octets; a larger one is answered 413.
    ///   - authenticator: Tells whom a request speaks for that logs out.
    package init(
        service: AuthenticationService<Repository, Mint>, hasher: any PasswordHasher,
        passwordPolicy: PasswordPolicy, bodyBytesMax: Int, authenticator: any Authenticator
    ) {
        self.service = service
        self.hasher = hasher
        self.passwordPolicy = passwordPolicy
        self.bodyBytesMax = bodyBytesMax
        self.authenticator = authenticator
    }

    /// The routes that verify passwords, which are limited more than the others.
    package var passwordRoutes: [Route] {
        [
            Route(.post, "/auth/login", .logIn, LogIn(api: self)),
            Route(
                .put, "/users/{id}/password", .setPassword(passwordPolicy), SetPassword(api: self)),
        ]
    }

    /// The other routes of `/auth` and of sessions, docs/api.md.
    package var routes: [Route] {
        [
            Route(.post, "/auth/refresh", .refresh, Refresh(api: self)),
            Route(.post, "/auth/logout", .logOut, LogOut(api: self)),
            Route(.get, "/.well-known/jwks.json", .keySet, ReadKeySet(api: self)),
            Route(.delete, "/users/{id}/lockout", .clearLockout, ClearLockout(api: self)),
            Route(.get, "/users/{id}/sessions", .listSessions, ListSessions(api: self)),
            Route(.delete, "/users/{id}/sessions", .endSessions, EndSessions(api: self)),
            Route(
                .delete, "/users/{id}/sessions/{session_id}", .endSession, EndSession(api: self)),
        ]
    }
}

/// Runs what may fail with an error of logging in, as an endpoint may: with a problem.
func telling<Value>(
    _ body: () async throws(AuthenticationError) -> Value
) async throws(Problem) -> Value {
    do {
        return try await body()
    } catch {
        throw Problem(error)
    }
}

extension Response {
    /// 204, which nobody keeps.
    static var done: Response {
        var response = Response(status: .noContent)
        response.fields.append(.cacheControl, "no-store")
        return response
    }
}
