import Ambient
import HTTP
import HTTPTesting
import HTTPTypes
import JSON
import Routing
import Tokens
import Users
import UsersHTTP
import UsersTesting

/// What the keys of the endpoints are derived from.
let testSecret = SecretKey(Array(0..<32))

/// What registers somebody: nobody in particular needs a password for it.
let newUser = #"{"email":"a@b.example","display_name":"A","password":"seven quiet otters swim"}"#

/// The endpoints of users in front of a repository, at a time that stands nearly still.
struct TestAPI<Repository: UserRepository & RoleRepository> {
    static var time: Timestamp { Timestamp(microsecondsSince1970: 1_795_380_360_123_456) }

    let repository: Repository
    let observer = RecordingObserver()
    private let router: Router

    init(
        on repository: Repository, isRegistrationOpen: Bool = true, requiresIfMatch: Bool = false,
        bodyBytesMax: Int = 1 << 20, caller: Caller = .administrator,
        seed: UInt64 = 9
    ) {
        self.repository = repository
        let clock = TickingClock(from: Self.time).wallClock
        let service = UserService(
            repository: repository, hasher: FakeHasher(), passwords: FakePasswordVerifier(),
            access: observer, events: observer, clock: clock,
            ids: UUIDv7Generator(clock: .fixed(at: Self.time), entropy: .seeded(seed)))
        let api = UsersAPI(
            service: service, passwordPolicy: PasswordPolicy(),
            isRegistrationOpen: isRegistrationOpen, requiresIfMatch: requiresIfMatch,
            bodyBytesMax: bodyBytesMax,
            keys: { UserKeys(from: testSecret) })
        let roles = RolesAPI(
            service: RoleService(
                repository: repository, access: observer, events: observer, clock: clock),
            bodyBytesMax: bodyBytesMax)
        router = Router(
            [api.registrationRoute] + api.routes + roles.routes,
            authenticator: KnownCaller(caller))
    }

    /// Sends a request as it is.
    /// - Parameter line: Method and target, such as `GET /users`.
    func send(
        _ line: String, fields: [String] = [], body: [UInt8] = [], client: ClientAddress = .unknown
    ) async throws -> Answer {
        let request = try Request(line, fields: fields, body: body, id: "r-1", client: client)
        return Answer(await router.respond(to: request))
    }

    /// Sends a request with JSON.
    func send(
        _ line: String, _ json: String, fields: [String] = [], client: ClientAddress = .unknown
    ) async throws -> Answer {
        try await send(
            line, fields: fields + ["Content-Type: application/json"], body: Array(json.utf8),
            client: client)
    }

    /// Registers a user and returns the path to it.
    func register(
        _ json: String = #"{"email":"ada@a.example","display_name":"Ada"}"#
    ) async throws -> String {
        let answer = try await send("POST /users", json)
        guard answer.status == 201, let path = answer[.location] else {
            throw Unexpected(answer: answer)
        }
        return path
    }
}

extension TestAPI {
    /// The same endpoints for the user at a path, who has these permissions.
    func asked(
        byUserAt path: String, _ permissions: PermissionSet = []
    ) throws -> TestAPI<Repository> {
        let id = try UserID(parsing: String(path.dropFirst("/users/".count)))
        return TestAPI(on: repository, caller: .authenticated(id, permissions))
    }
}

/// Whoever asks is somebody who is known beforehand.
private final class KnownCaller: Authenticator {
    private let caller: Caller

    init(_ caller: Caller) { self.caller = caller }

    func principal(of request: Request) async throws(Problem) -> Principal? {
        switch caller {
        case .unauthenticated: nil
        case .authenticated(let id, let permissions):
            Principal(
                user: id.uuid, session: UUID(high: 1, low: 1), grants: permissions.rawValue)
        }
    }
}

extension TestAPI where Repository == InMemoryRepository {
    /// The endpoints in front of an empty repository.
    init(
        isRegistrationOpen: Bool = true, requiresIfMatch: Bool = false,
        bodyBytesMax: Int = 1 << 20, caller: Caller = .administrator
    ) {
        self.init(
            on: InMemoryRepository(), isRegistrationOpen: isRegistrationOpen,
            requiresIfMatch: requiresIfMatch, bodyBytesMax: bodyBytesMax, caller: caller)
    }
}

/// A response, as tests look at it.
struct Answer {
    private let response: Response

    init(_ response: Response) { self.response = response }

    var status: Int { response.status.code }
    var text: String { String(decoding: response.body, as: UTF8.self) }
    var cause: (any Error)? { response.cause }

    subscript(name: HTTPField.Name) -> String? { response.fields.value(of: name) }

    /// The content as JSON.
    var json: JSONValue { get throws { try JSONParser.parse(response.body.span) } }

    /// A member of the content, which is an object.
    func member(_ name: String) throws -> JSONValue? {
        guard case .object(let object) = try json else { throw Unexpected(answer: self) }
        return object[name]
    }

    /// A member of the content that is a string; empty if it is none.
    func string(_ name: String) throws -> String {
        guard case .string(let text) = try member(name) else { return "" }
        return text
    }

    /// The ids of the users on a page.
    var ids: [String] {
        get throws {
            guard case .array(let items) = try member("items") else {
                throw Unexpected(answer: self)
            }
            return items.map { item in
                guard case .object(let user) = item, case .string(let id) = user["id"] else {
                    return ""
                }
                return id
            }
        }
    }

    /// The code of a problem, after checking that it is one that tells status and request.
    var problem: String {
        get throws {
            guard self[.contentType] == "application/problem+json",
                try member("status") == .integer(Int64(status)),
                try member("request_id") == .string("r-1"),
                try string("type") == "/problems/" + string("code")
            else { throw Unexpected(answer: self) }
            return try string("code")
        }
    }

    /// The faults of a problem, each as its pointer and its code.
    var faults: [String] {
        get throws {
            guard case .array(let errors) = try member("errors") else { return [] }
            return try errors.map { error in
                guard case .object(let fault) = error, case .string(let pointer) = fault["pointer"],
                    case .string(let code) = fault["code"], case .string = fault["detail"]
                else { throw Unexpected(answer: self) }
                return "\(pointer) \(code)"
            }
        }
    }
}

/// A test's complaint about an answer that it cannot go on with.
struct Unexpected: Error, CustomStringConvertible {
    let answer: Answer

    var description: String { "\(answer.status) \(answer.text)" }
}
