import Ambient
import HTTP
import HTTPTypes
import Testing
import Users
import UsersTesting

@Suite("Idempotency-Key on POST /users")
struct IdempotencyTests {
    private static let user = #"{"email":"ada@a.example","display_name":"Ada"}"#

    struct Key: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let lines: [String]
        let isAccepted: Bool

        init(_ testDescription: String, _ lines: String..., isAccepted: Bool = false) {
            self.testDescription = testDescription
            self.lines = lines.map { "Idempotency-Key: \($0)" }
            self.isAccepted = isAccepted
        }
    }

    @Test(arguments: [
        Key("one character", "x", isAccepted: true),
        Key("128 characters", String(repeating: "k", count: 128), isAccepted: true),
        Key("a UUID", "8e03978e-40d5-43dd-bc93-6894a57f9324", isAccepted: true),
        Key("a quoted string", #""8e03978e""#, isAccepted: true),
        Key("all that is visible", String(decoding: 0x21...0x7e, as: UTF8.self), isAccepted: true),
        Key("nothing", ""), Key("129 characters", String(repeating: "k", count: 129)),
        Key("a space within", "a b"), Key("a tabulator within", "a\tb"),
        Key("letters beyond ASCII", "schlüssel"), Key("two of them", "a", "b"),
        Key("the same twice", "a", "a"), Key("DEL", "a\u{7f}"),
    ])
    func key(_ given: Key) async throws {
        let api = TestAPI()
        let answer: Answer
        do {
            answer = try await api.send("POST /users", Self.user, fields: given.lines)
        } catch is RequestParseError {
            // The parser itself refuses controls.
            #expect(!given.isAccepted)
            return
        }
        #expect(answer.status == (given.isAccepted ? 201 : 400))
        if !given.isAccepted { #expect(try answer.problem == "malformed_idempotency_key") }
        #expect(api.repository.inspect { $0.users.count } == (given.isAccepted ? 1 : 0))
    }

    private let fields = ["Idempotency-Key: k"]

    @Test func `the second answer is the first, and says that it is`() async throws {
        let api = TestAPI()
        let first = try await api.send("POST /users", Self.user, fields: fields)
        let second = try await api.send("POST /users", Self.user, fields: fields)
        #expect(first.status == 201 && second.status == 201)
        #expect(first.text == second.text)
        for name in [HTTPField.Name.location, .eTag, .contentType, .cacheControl, .vary] {
            #expect(first[name] == second[name] && first[name] != nil)
        }
        let replayed = HTTPField.Name(constant: "Idempotency-Replayed")
        #expect(first[replayed] == nil && second[replayed] == "true")
    }

    @Test(arguments: [
        #"{"email":"ada@a.example","display_name":"Ada!"}"#,
        #"{"display_name":"Ada","email":"ada@a.example"}"#,
        #"{"email":"ada@a.example","display_name":"Ada"} "#,
        #"{"email":"ada@a.example","display_name":"Ada","password":"correct horse battery"}"#,
    ])
    func `another content is refused`(_ content: String) async throws {
        let api = TestAPI()
        _ = try await api.send("POST /users", Self.user, fields: fields)
        let answer = try await api.send("POST /users", content, fields: fields)
        #expect(answer.status == 422)
        #expect(try answer.problem == "idempotency_key_reused")
    }

    @Test func `a request that goes on is told with a time to wait`() async throws {
        let api = TestAPI()
        _ = try await api.send("POST /users", Self.user, fields: fields)
        api.repository.inspect { state in
            for name in state.attempts.keys { state.attempts[name]?.user = nil }
        }
        let answer = try await api.send("POST /users", Self.user, fields: fields)
        #expect(answer.status == 409 && answer[.retryAfter] == "1")
        #expect(try answer.problem == "idempotency_in_progress")
    }

    /// Two who use one key, and whether they are the same.
    struct Pair: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let callers: (Caller, Caller)
        var clients = (ClientAddress(v4: 1), ClientAddress(v4: 1))
        let isSame: Bool
    }

    static let one = UserID(UUID(high: 0, low: 0xffff_0000_0001))
    static let two = UserID(UUID(high: 0, low: 2))

    @Test(arguments: [
        Pair(
            testDescription: "one address", callers: (.unauthenticated, .unauthenticated),
            isSame: true),
        Pair(
            testDescription: "two addresses", callers: (.unauthenticated, .unauthenticated),
            clients: (ClientAddress(v4: 1), ClientAddress(v4: 2)), isSame: false),
        Pair(
            testDescription: "two addresses of an IPv6 network",
            callers: (.unauthenticated, .unauthenticated),
            clients: (ClientAddress(high: 1, low: 1), ClientAddress(high: 1, low: 2)),
            isSame: false),
        Pair(
            testDescription: "one user at two addresses, with other permissions",
            callers: (
                .authenticated(one, [.usersWrite]), .authenticated(one, [.usersWrite, .usersRead])
            ),
            clients: (ClientAddress(v4: 1), ClientAddress(v4: 2)), isSame: true),
        Pair(
            testDescription: "two users at one address",
            callers: (.authenticated(one, [.usersWrite]), .authenticated(two, [.usersWrite])),
            isSame: false),
        Pair(
            testDescription: "a user whose id is the octets of an address, and that address",
            callers: (.authenticated(one, [.usersWrite]), .unauthenticated), isSame: false),
    ])
    func `keys of others are other keys`(_ given: Pair) async throws {
        let repository = InMemoryRepository()
        let first = TestAPI(on: repository, caller: given.callers.0)
        let second = TestAPI(on: repository, caller: given.callers.1)
        let made = try await first.send(
            "POST /users", newUser, fields: fields, client: given.clients.0)
        #expect(made.status == 201)
        let answer = try await second.send(
            "POST /users", newUser, fields: fields, client: given.clients.1)
        #expect(answer.status == (given.isSame ? 201 : 409))
        guard !given.isSame else { return }
        // It tried to make the user anew; both services begin with the same id.
        #expect(try answer.problem == "id_taken")
    }

    @Test func `a caller sees of the user what that caller may see now`() async throws {
        let repository = InMemoryRepository()
        let writer = TestAPI(on: repository, caller: .authenticated(Self.one, [.usersWrite]))
        let made = try await writer.send("POST /users", Self.user, fields: fields)
        #expect(try made.member("admin_metadata") != nil && made[.eTag] == #""1-a""#)
        // Without the permission nobody does without a password.
        let reader = TestAPI(on: repository, caller: .authenticated(Self.one, [.usersRead]))
        let refusal = try await reader.send("POST /users", Self.user, fields: fields)
        #expect(try refusal.faults == ["/password required"])
        let other = ["Idempotency-Key: other"]
        let shown = try await writer.send("POST /users", newUser, fields: other)
        #expect(shown.status == 201)
        let answer = try await reader.send("POST /users", newUser, fields: other)
        #expect(try answer.member("admin_metadata") == nil && answer[.eTag] == #""1""#)
        #expect(answer[.idempotencyReplayed] == "true")
    }

    @Test(arguments: ["GET /users", "PUT /users/me", "DELETE /users/12"])
    func `other requests take no notice of it`(_ line: String) async throws {
        let with = try await TestAPI().send(line, fields: ["Idempotency-Key: "])
        let without = try await TestAPI().send(line)
        #expect(with.status == without.status && with.text == without.text)
    }
}
