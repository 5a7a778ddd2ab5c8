import HTTPTesting
import Postgres
import PostgresTesting
import Testing

/// The administrator of the database of a test, who is there before the service starts.
enum TestAdministrator {
    static let id = "01900000-0000-7000-8000-00000000ad31"
    static let email = "root@example.com"
    static let password = "correct horse battery staple"
    /// The condition of a row of `users` that it is somebody else.
    static let isSomebodyElse = "id <> '\(id)'"

    /// Made by argon2-cffi 25.1 of ``password``, with the parameters of the service, so that a
    /// login does not hash it anew.
    static let passwordHash = """
        $argon2id$v=19$m=19456,t=2,p=1$YWRtaW5pc3RyYXRvci0xNg\
        $IVN9Y3RAMs5bBG2k5tpoRDSnE+2YxFTmzXwlLD6ivUc
        """
}

extension TestDatabase {
    /// Puts the administrator in, unless that has been done.
    func addAdministrator() throws {
        try connect().add(
            TestUser(id: TestAdministrator.id, email: TestAdministrator.email),
            roles: ["admin", "member"])
    }
}

/// For whom a request of a test speaks.
enum TestCaller: Sendable {
    /// The administrator, wherever a token is looked at.
    case administrator
    /// Nobody in particular.
    case nobody
    /// Whoever has this access token.
    case token(String)
}

/// An access token of the administrator, whom one login gives it when it is first needed.
actor AdministratorToken {
    private let port: Int
    private var login: Task<String, any Error>?

    init(port: Int) { self.port = port }

    /// The token; a login that has failed is tried again by whoever asks next.
    func text() async throws -> String {
        let login = self.login ?? Task { [port] in try await Self.logIn(at: port) }
        self.login = login
        do {
            return try await login.value
        } catch {
            self.login = nil
            throw error
        }
    }

    private static func logIn(at port: Int) async throws -> String {
        let client = try RawHTTPClient(port: port, recorder: .shared)
        let answer = try await client.exchangePatiently(
            loginText(TestAdministrator.email, TestAdministrator.password))
        guard let token = answer.string("access_token") else { throw RefusedLogin(answer: answer) }
        return token
    }
}

/// Somebody could not log in.
struct RefusedLogin: Error {
    let answer: RawResponse
}

/// A login as octets.
func loginText(_ email: String, _ password: String, fields: [String] = []) -> String {
    requestText(
        "POST /auth/login", #"{"email":"\#(email)","password":"\#(password)"}"#, fields: fields)
}

/// The field line that sends an access token.
func bearer(_ token: String) -> String { "Authorization: Bearer \(token)" }

/// What can be spoken to, as somebody.
protocol TestPeer: Sendable {
    var port: Int { get }
    /// Nil if there is no administrator.
    var administrator: AdministratorToken? { get }
}

extension TestPeer {
    /// A client with a connection of its own.
    func connect() throws -> RawHTTPClient { try RawHTTPClient(port: port, recorder: .shared) }

    /// The field line by which the administrator says who he is.
    var authorization: String {
        get async throws { bearer(try await #require(administrator).text()) }
    }

    /// Sends a request with a JSON body, if any, on a connection of its own.
    func send(
        _ line: String, _ json: String? = nil, fields: [String] = [],
        as caller: TestCaller = .administrator
    ) async throws -> RawResponse {
        let own = try await authorization(of: caller, for: line).map { [$0] } ?? []
        return try await connect().exchange(requestText(line, json, fields: own + fields))
    }

    /// The field line that a request needs, if any: one to a route that looks at no token can be
    /// sent before anybody can log in.
    private func authorization(of caller: TestCaller, for line: String) async throws -> String? {
        switch caller {
        case .nobody: return nil
        case .token(let token): return bearer(token)
        case .administrator:
            let path = line.split(separator: " ").dropFirst().first ?? ""
            guard administrator != nil, path.hasPrefix("/users") || path.hasPrefix("/roles") else {
                return nil
            }
            return try await authorization
        }
    }

    /// Tries to log somebody in.
    func logIn(_ email: String, _ password: String) async throws -> RawResponse {
        try await connect().exchangePatiently(loginText(email, password))
    }
}

extension RawHTTPClient {
    /// How often a request is sent at most.
    private static let patience = 20

    /// Sends a request again while the service has no time to hash a password, which on a busy
    /// machine may take long.
    func exchangePatiently(_ request: String) async throws -> RawResponse {
        for _ in 1..<Self.patience {
            let answer = try await exchange(request)
            guard answer.status == 503 else { return answer }
        }
        return try await exchange(request)
    }
}
