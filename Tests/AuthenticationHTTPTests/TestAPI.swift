import Ambient
import Authentication
import AuthenticationHTTP
import AuthenticationTesting
import HTTP
import HTTPTesting
import HTTPTypes
import JSON
import Reactor
import Routing
import Users
import UsersTesting

/// The endpoints of logins and sessions on a loop of their own, with everything behind them in
/// memory.
actor TestAPI {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    nonisolated let repository = InMemoryAuthenticationRepository()
    nonisolated let mint = FakeMint()
    nonisolated let checker = FakeChecker()
    nonisolated let clock = SettableClock(
        at: Timestamp(microsecondsSince1970: 1_795_380_360_123_456))
    nonisolated let events = RecordingAuthenticationEvents()
    nonisolated let cache: TokenCache
    private let router: Router

    init(loop: EventLoop, throttle: LoginThrottle? = LoginThrottle()) {
        self.loop = loop
        cache = TokenCache(loop: loop)
        var settings = AuthenticationSettings()
        settings.throttle = throttle
        let service = AuthenticationService(
            repository: repository, mint: mint, passwords: checker, access: RecordingObserver(),
            events: events, settings: settings, clock: clock.wallClock,
            ids: UUIDv7Generator(clock: clock.wallClock, entropy: .seeded(7)))
        let authenticator = BearerAuthenticator(
            cache: cache, repository: repository, mint: mint, events: events,
            clock: clock.wallClock)
        let api = AuthenticationAPI(
            service: service, hasher: FakeHasher(), passwordPolicy: PasswordPolicy(),
            bodyBytesMax: 65_536, authenticator: authenticator)
        router = Router(api.passwordRoutes + api.routes, authenticator: authenticator)
        repository.add(.sample())
    }

    /// Sends a request.
    /// - Parameters:
    ///   - line: Method and target, such as `GET /users/me/sessions`.
    ///   - json: The content, if there is any.
    func send(
        _ line: String, _ json: String? = nil, type: String? = "application/json",
        token: String? = nil, fields: [String] = []
    ) async throws -> Answer {
        var fields = fields + (token.map { ["Authorization: Bearer \($0)"] } ?? [])
        if json != nil, let type { fields.append("Content-Type: \(type)") }
        let request = try Request(
            line, fields: fields, body: json.map { Array($0.utf8) }, id: "r-1")
        return Answer(await router.respond(to: request))
    }

    /// Logs the sample user in and returns the answer.
    func logIn(_ password: String = Account.samplePassword) async throws -> Answer {
        try await send(
            "POST /auth/login",
            #"{"email":"ada.1@example.com","password":"\#(password)"}"#)
    }

    /// An access token of a new session of the sample user, whose roles allow this.
    func token(_ permissions: PermissionSet = []) async throws -> String {
        let id = Account.sample().id
        repository.inspect { $0.members[id]?.permissions = permissions }
        return try await logIn().string("access_token")
    }
}

/// Runs `body` with the endpoints.
func withAPI(
    throttle: LoginThrottle? = LoginThrottle(), _ body: (TestAPI) async throws -> Void
) async throws {
    let loop = try EventLoop()
    try loop.start()
    defer { loop.stop() }
    try await body(TestAPI(loop: loop, throttle: throttle))
}

/// A response, as tests look at it.
struct Answer: Sendable {
    private let response: Response

    init(_ response: Response) { self.response = response }

    var status: Int { response.status.code }
    var text: String { String(decoding: response.body, as: UTF8.self) }

    subscript(name: HTTPField.Name) -> String? { response.fields.value(of: name) }

    subscript(name: String) -> String? {
        HTTPField.Name(name).flatMap { response.fields.value(of: $0) }
    }

    /// A member of the content that is a string; empty if it is none.
    func string(_ name: String) throws -> String {
        guard case .object(let object) = try JSONParser.parse(response.body.span),
            case .string(let text) = object[name]
        else { return "" }
        return text
    }

    /// The status and, of a problem, its code.
    var outcome: String {
        get throws {
            guard status >= 400 else { return "\(status)" }
            return "\(status) \(try string("code"))"
        }
    }

    /// The faults of a problem, each as its pointer and its code.
    var faults: [String] {
        get throws {
            guard case .object(let object) = try JSONParser.parse(response.body.span),
                case .array(let errors) = object["errors"]
            else { return [] }
            return errors.map { error in
                guard case .object(let fault) = error, case .string(let pointer) = fault["pointer"],
                    case .string(let code) = fault["code"]
                else { return "?" }
                return "\(pointer) \(code)"
            }
        }
    }
}
