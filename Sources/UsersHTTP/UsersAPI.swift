import Ambient
package import HTTP
import HTTPTypes
package import RateLimiting
package import Routing
package import Users

/// What the endpoints of users share: a reference, so that an endpoint is one word.
package final class UsersAPI<Repository: UserRepository, Hasher: PasswordHasher>: Sendable {
    let service: UserService<Repository, Hasher>
    let passwordPolicy: PasswordPolicy
    let isRegistrationOpen: Bool
    let requiresIfMatch: Bool
    let bodyBytesMax: Int
    /// Bounds how often a client may change an address by a password: that hashes, and tells
    /// whether somebody has the new address, as a registration does. Nil if nothing does.
    let addressLimiter: RateLimiter?
    /// The keys that the endpoints need, which may have to be fetched first.
    /// - Throws: 503 while they cannot be.
    let keys: @Sendable () async throws(Problem) -> UserKeys

    /// Makes the endpoints' common part.
    /// - Parameters:
    ///   - isRegistrationOpen: Whether anybody may register; else that is refused with 403.
    ///   - requiresIfMatch: Whether a change without `If-Match` is refused with 428.
    ///   - bodyBytesMax: Largest body in octets; a larger one is answered 413.
    ///   - addressLimiter: Bounds how often a client may change its user's address, beside other
    ///     requests; nil if nothing does.
    ///   - keys: Gets the keys, on the caller's loop, and throws 503 while it cannot.
    package init(
        service: UserService<Repository, Hasher>, passwordPolicy: PasswordPolicy,
        isRegistrationOpen: Bool, requiresIfMatch: Bool, bodyBytesMax: Int,
        addressLimiter: RateLimiter? = nil,
        keys: @escaping @Sendable () async throws(Problem) -> UserKeys
    ) {
        self.service = service
        self.passwordPolicy = passwordPolicy
        self.isRegistrationOpen = isRegistrationOpen
        self.requiresIfMatch = requiresIfMatch
        self.bodyBytesMax = bodyBytesMax
        self.addressLimiter = addressLimiter
        self.keys = keys
    }

    /// `POST /users`, which is limited more than the others.
    package var registrationRoute: Route {
        Route(.post, "/users", .createUser(passwordPolicy), RegisterUser(api: self))
    }

    /// The other routes of `/users`, docs/api.md.
    package var routes: [Route] {
        [
            Route(.get, "/users", .listUsers, ListUsers(api: self)),
            Route(.get, "/users/{id}", .getUser, ReadUser(api: self)),
            Route(.put, "/users/{id}", .replaceUser(passwordPolicy), ReplaceUser(api: self)),
            Route(
                .patch, "/users/{id}", addressLimiter == nil ? .patchUser : .patchUser.limited,
                ChangeUser(api: self)),
            Route(.delete, "/users/{id}", .deleteUser, DeleteUser(api: self)),
            Route(.post, "/users/{id}/restore", .restoreUser, RestoreUser(api: self)),
            Route(.get, "/users/{id}/roles", .getUserRoles, ReadUserRoles(api: self)),
            Route(.put, "/users/{id}/roles", .putUserRoles, ReplaceUserRoles(api: self)),
            Route(
                .put, "/users/{id}/roles/{role}", .grantRole,
                ChangeUserRole(api: self, change: RoleChange.grant)),
            Route(
                .delete, "/users/{id}/roles/{role}", .revokeRole,
                ChangeUserRole(api: self, change: RoleChange.revoke)),
        ]
    }

    /// The version that a change expects.
    /// - Throws: 400 for a malformed `If-Match`, 428 if there must be one and is none.
    func precondition(of request: Request) throws(Problem) -> VersionPrecondition {
        let precondition = try VersionTag.precondition(of: request)
        guard requiresIfMatch, !request.head.fields.contains(.ifMatch) else { return precondition }
        throw Problem(
            of: .preconditionRequired,
            detail: "Send If-Match with the entity tag of the user as you know it.")
    }

    /// Refuses a change of a user whose version `If-None-Match` names (RFC 9110 §13.1.2).
    /// - Throws: 412 if it does, 400 if it is malformed, 404 if there is no such user.
    func checkIfNoneMatch(
        of request: Request, _ id: UserID, as caller: Caller
    ) async throws(Problem) {
        guard request.head.fields.contains(.ifNoneMatch) else { return }
        let user = try await telling { () throws(UserError) in
            try await service.user(withID: id, changedBy: caller)
        }
        guard try !VersionTag.isNamed(user.version, by: request) else {
            throw Problem(.versionMismatch)
        }
    }

    /// The answer to a client that has this version of the user already; nil for another.
    /// - Throws: 412 if the user is in none of the versions of `If-Match`, 400 for a malformed
    ///   condition.
    func notModified(
        _ user: User, to request: Request, for caller: Caller
    ) throws(Problem) -> Response? {
        // Both are read before either is decided: what is malformed is 400 whatever else is asked.
        let isAllowed = try VersionTag.precondition(of: request).allows(user.version)
        let isKnown = try VersionTag.isKnown(user.version, to: request)
        guard isAllowed else { throw Problem(.versionMismatch) }
        guard isKnown else { return nil }
        var response = Response(status: .notModified)
        appendValidators(of: user, for: caller, to: &response)
        return response
    }

    /// The answer that shows a user to whoever may have seen the user before.
    // Not inlined: see "What waits keeps its variables" in docs/architecture.md.
    @inline(never)
    func answer(
        to request: Request, _ user: User, for caller: Caller
    ) throws(Problem) -> Response {
        try notModified(user, to: request, for: caller) ?? response(.ok, user, for: caller)
    }

    /// The answer that shows a user.
    func response(
        _ status: HTTPResponse.Status, _ user: User, for caller: Caller
    ) -> Response {
        var response = Response(
            status: status, contentType: "application/json",
            body: UserJSON.text(of: user, for: caller))
        appendValidators(of: user, for: caller, to: &response)
        return response
    }

    /// The answer that shows a user who has just been made.
    func created(_ user: User, for caller: Caller) -> Response {
        var response = response(.created, user, for: caller)
        response.fields.append(.location, "/users/\(user.id.uuid)")
        return response
    }

    /// What lets a client keep a user and ask whether it has changed.
    func appendValidators(of user: User, for caller: Caller, to response: inout Response) {
        response.fields.append(.eTag, VersionTag.fieldValue(of: user.version, for: caller))
        response.fields.appendPrivateCaching()
    }
}

extension ResponseFields {
    /// Lets nobody but the caller keep an answer, and has it validated before it is used again.
    mutating func appendPrivateCaching() {
        append(
            lines: "Cache-Control: private, no-cache\r\nVary: Authorization, Accept-Encoding\r\n")
    }
}

extension PathParameters {
    /// The name of a role in the path.
    /// - Throws: 404 for what is no role's name.
    func roleName(_ parameter: String) throws(Problem) -> RoleName {
        do {
            return try RoleName(parsing: self[parameter])
        } catch {
            throw Problem(.roleNotFound)
        }
    }

    /// The id in the path; `me` is the caller's own.
    /// - Throws: 400 for what is not a UUID, 401 for `me` of somebody without a token.
    package func userID(for caller: Caller) throws(Problem) -> UserID {
        if let uuid = withOctets(of: "id", { UUID(parsing: $0) }) { return UserID(uuid) }
        let text = self["id"]
        if text == "me" {
            guard let id = caller.id else { throw .authenticationRequired }
            return id
        }
        guard let uuid = UUID(parsing: text) else {
            throw Problem(
                of: .malformedID,
                detail: "An id is a UUID such as 0190b6c5-5b1e-7cc3-a1f2-3d4e5f60718a.")
        }
        return UserID(uuid)
    }
}

/// Runs what may fail with an error of the domain, as an endpoint may: with a problem.
package func telling<Value>(
    _ body: () async throws(UserError) -> Value
) async throws(Problem) -> Value {
    do {
        return try await body()
    } catch {
        throw Problem(error)
    }
}
