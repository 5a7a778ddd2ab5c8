import Ambient
import Authentication
import AuthenticationHTTP
import AuthenticationTesting
import HTTP
import HTTPTypes
import Reactor
import Routing
import Testing
import Tokens
import Users
import UsersHTTP
import UsersTesting

@Suite("Who may ask for what, docs/api.md")
struct AccessTableTests {
    /// The table of docs/api.md, word by word.
    static let expected: [String: Operation.Access] = [
        "POST /users": .anybodyOr(.usersWrite),
        "GET /users": .holder(.usersRead),
        "GET /users/{id}": .ownerOr(.usersRead),
        "PUT /users/{id}": .holder(.usersWrite),
        "PATCH /users/{id}": .ownerOr(.usersWrite),
        "DELETE /users/{id}": .ownerOr(.usersWrite),
        "POST /users/{id}/restore": .holder(.usersWrite),
        "PUT /users/{id}/password": .ownerOr(.usersWrite),
        "DELETE /users/{id}/lockout": .holder(.usersWrite),
        "GET /users/{id}/roles": .holder(.rolesWrite),
        "PUT /users/{id}/roles": .holder(.rolesWrite),
        "PUT /users/{id}/roles/{role}": .holder(.rolesWrite),
        "DELETE /users/{id}/roles/{role}": .holder(.rolesWrite),
        "GET /users/{id}/sessions": .ownerOr(.usersWrite),
        "DELETE /users/{id}/sessions": .ownerOr(.usersWrite),
        "DELETE /users/{id}/sessions/{session_id}": .ownerOr(.usersWrite),
        "GET /roles": .holder(.rolesWrite),
        "POST /roles": .holder(.rolesWrite),
        "GET /roles/{name}": .holder(.rolesWrite),
        "PATCH /roles/{name}": .holder(.rolesWrite),
        "DELETE /roles/{name}": .holder(.rolesWrite),
        "POST /auth/login": .anybody,
        "POST /auth/refresh": .anybody,
        "POST /auth/logout": .anybodyWithToken,
        "GET /.well-known/jwks.json": .anybody,
    ]

    private static func routes(on loop: EventLoop) -> [Route] {
        let clock = WallClock.fixed(at: Timestamp(microsecondsSince1970: 0))
        let ids = UUIDv7Generator(clock: clock, entropy: .seeded(1))
        let (users, observer) = (InMemoryRepository(), RecordingObserver())
        let (logins, mint) = (InMemoryAuthenticationRepository(), FakeMint())
        let authentication = AuthenticationAPI(
            service: AuthenticationService(
                repository: logins, mint: mint, passwords: FakeChecker(), access: observer,
                events: RecordingAuthenticationEvents(), settings: AuthenticationSettings(),
                clock: clock, ids: ids),
            hasher: FakeHasher(), passwordPolicy: PasswordPolicy(), bodyBytesMax: 1,
            authenticator: BearerAuthenticator(
                cache: TokenCache(loop: loop), repository: logins, mint: mint,
                events: RecordingAuthenticationEvents(), clock: clock))
        let api = UsersAPI(
            service: UserService(
                repository: users, hasher: FakeHasher(), passwords: FakePasswordVerifier(),
                access: observer, events: observer, clock: clock, ids: ids),
            passwordPolicy: PasswordPolicy(), isRegistrationOpen: true, requiresIfMatch: false,
            bodyBytesMax: 1, keys: { UserKeys(from: SecretKey(Array(0..<32))) })
        let roles = RolesAPI(
            service: RoleService(
                repository: users, access: observer, events: observer, clock: clock),
            bodyBytesMax: 1)
        return [api.registrationRoute] + authentication.passwordRoutes + api.routes + roles.routes
            + authentication.routes
    }

    @Test func `every route asks for what the contract says, and there is no other`() throws {
        let loop = try EventLoop()
        var found: [String: Operation.Access] = [:]
        for route in Self.routes(on: loop).map(\.declaration) {
            found["\(route.method) \(route.template)"] = route.operation.access
        }
        #expect(Set(found.keys) == Set(Self.expected.keys))
        for (route, access) in Self.expected { #expect(found[route] == access, "\(route)") }
    }
}
