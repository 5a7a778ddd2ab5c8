import Ambient
import HTTP
import HTTPTypes
import Routing
import Users
import UsersHTTP
import UsersTesting

/// A read of a user as `curl` sends it through a proxy, with an access token.
private let readOctets = Array(
    """
    GET /users/0190b6c5-5b1e-7cc3-a1f2-3d4e5f60718a HTTP/1.1\r
    Host: users.example.com\r
    User-Agent: curl/7.88.1\r
    Accept: application/json\r
    Accept-Encoding: gzip\r
    Authorization: Bearer \(String(repeating: "eyJhbGciOiJFUzI1NiIs", count: 26))\r
    X-Forwarded-For: 203.0.113.7\r
    X-Request-ID: 4bf92f3577b34da6a3ce929d0e0e4736\r
    \r

    """.utf8)

/// The head did not end where it should have.
private struct IncompleteHead: Error {}

private func parsedHead(by parser: inout RequestParser) throws -> ParsedHead {
    guard let parsed = try parser.parse(readOctets.span) else { throw IncompleteHead() }
    return parsed
}

/// Parses a request's head.
@Sendable func parseRequests(_ count: Int) throws -> Int {
    var parser = RequestParser(limits: RequestLimits())
    var sum = 0
    for _ in 0..<count {
        let parsed = try parsedHead(by: &parser)
        sum &+= parsed.byteCount &+ parsed.head.minorVersion
    }
    return sum
}

/// Finds the route of a read among those of users and roles, and admits the caller, whom it knows.
@Sendable func route(_ count: Int) async throws -> Int {
    let repository = InMemoryRepository()
    let observer = RecordingObserver()
    let service = UserService(
        repository: repository, hasher: FakeHasher(), passwords: FakePasswordVerifier(),
        access: observer, events: observer, clock: .system,
        ids: UUIDv7Generator(clock: .system, entropy: .system))
    let users = UsersAPI(
        service: service, passwordPolicy: PasswordPolicy(), isRegistrationOpen: true,
        requiresIfMatch: false, bodyBytesMax: 1 << 20,
        keys: { () throws(Problem) in throw Problem(.notFound) })
    let roles = RolesAPI(
        service: RoleService(
            repository: repository, access: observer, events: observer, clock: .system),
        bodyBytesMax: 1 << 20)
    let routes = [users.registrationRoute] + users.routes + roles.routes
    let router = Router(
        routes.map { Route($0.declaration, Nothing()) }, authenticator: Administrator())
    var parser = RequestParser(limits: RequestLimits())
    let head = try parsedHead(by: &parser).head
    let now = MonotonicTime.now
    var sum = 0
    for _ in 0..<count {
        let request = Request(head: head, body: .empty, receivedAt: now)
        sum &+= await router.respond(to: request).status.code
    }
    return sum
}

/// Does nothing, so that what is counted is the router's part.
private struct Nothing: Endpoint {
    func respond(to request: Request, _ parameters: PathParameters) -> Response {
        Response(status: .noContent)
    }
}

/// Everybody is an administrator.
private final class Administrator: Authenticator {
    private let administrator = Principal(
        user: UserID.administrator.uuid, session: UUID(high: 1, low: 1),
        grants: PermissionSet.all.rawValue)

    func knownPrincipal(of request: Request) -> Principal? { administrator }

    func principal(of request: Request) -> Principal? { administrator }
}
