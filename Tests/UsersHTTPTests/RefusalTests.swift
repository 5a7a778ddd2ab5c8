import HTTP
import HTTPTypes
import Testing
import Users
import UsersTesting

@testable import UsersHTTP

@Suite("What only administrators may do")
struct PermissionTests {
    let api = TestAPI()

    private func check(_ answer: Answer, needs permission: String) throws {
        #expect(answer.status == 403)
        #expect(try answer.problem == "forbidden")
        #expect(try answer.string("detail") == "It needs the permission \(permission).")
    }

    @Test(arguments: [
        ("id", #""0190b6c5-5b1e-7cc3-a1f2-3d4e5f60718a""#, "users:write"),
        ("external_id", #""crm-1""#, "users:write"), ("status", #""disabled""#, "users:write"),
        ("roles", #"["admin"]"#, "roles:write"), ("roles", "[]", "roles:write"),
        ("admin_metadata", #"{"a":1}"#, "users:write"),
    ])
    func `they alone choose some members of a new user`(
        _ member: String, _ value: String, _ permission: String
    ) async throws {
        let api = TestAPI(caller: .unauthenticated)
        let answer = try await api.send(
            "POST /users", newUser.dropLast() + #","\#(member)":\#(value)}"#)
        try check(answer, needs: permission)
        #expect(api.repository.inspect { $0.users.isEmpty })
    }

    @Test(arguments: [
        ("external_id", #""crm-1""#, "users:write"), ("status", #""disabled""#, "users:write"),
        ("roles", #"["admin","member"]"#, "roles:write"), ("roles", "[]", "roles:write"),
        ("admin_metadata", #"{"a":1}"#, "users:write"),
    ])
    func `they alone change some members`(
        _ member: String, _ value: String, _ permission: String
    ) async throws {
        let path = try await api.register()
        let api = try api.asked(byUserAt: path)
        let before = try await api.send("GET \(path)").text
        let answer = try await api.send(
            "PATCH \(path)", #"{"display_name":"B","\#(member)":\#(value)}"#)
        try check(answer, needs: permission)
        #expect(try await api.send("GET \(path)").text == before)
    }

    @Test func `nobody registers while registration is closed`() async throws {
        let api = TestAPI(isRegistrationOpen: false, caller: .unauthenticated)
        let answer = try await api.send("POST /users", newUser)
        #expect(answer.status == 403)
        #expect(try answer.problem == "registration_closed")
        #expect(api.repository.inspect { $0.users.isEmpty })
        let open = TestAPI(isRegistrationOpen: false, caller: .administrator)
        _ = try await open.register()
    }

    @Test func `nobody in particular registers without a password`() async throws {
        for caller in [Caller.unauthenticated, .authenticated(.administrator, [.usersRead])] {
            let api = TestAPI(caller: caller)
            let answer = try await api.send(
                "POST /users", #"{"email":"a@b.example","display_name":"A"}"#)
            #expect(answer.status == 422)
            #expect(try answer.faults == ["/password required"])
            #expect(try await api.send("POST /users", newUser).status == 201)
        }
    }

    @Test func `they alone delete for good and restore`() async throws {
        let path = try await api.register()
        let api = try api.asked(byUserAt: path)
        try check(await api.send("DELETE \(path)?mode=hard"), needs: "users:write")
        #expect(try await api.send("GET \(path)").status == 200)
        try check(await api.send("POST \(path)/restore"), needs: "users:write")
    }

    @Test(arguments: [
        ("mode=", "invalid_mode"), ("mode=Hard", "invalid_mode"), ("mode", "invalid_mode"),
        ("mode=hard&mode=soft", "malformed_query"), ("hard", "unknown_parameter"),
        ("x=1", "unknown_parameter"), ("mode=hard%20", "invalid_mode"),
    ])
    func `another mode of deletion is refused`(_ query: String, _ code: String) async throws {
        let path = try await api.register()
        let answer = try await api.send("DELETE \(path)?\(query)")
        #expect(answer.status == 400)
        #expect(try answer.problem == code)
        #expect(try await api.send("GET \(path)").status == 200)
    }
}

@Suite("How errors of the domain are told")
struct UserProblemTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let error: UserError
        let status: Int
        let code: String
        var faults: [String] = []
        var retryAfter: String?
        var cause: String?
        var testDescription: String { "\(status) \(code)" }
    }

    /// The cause of an error, which no client may see.
    struct Secret: Error, CustomStringConvertible {
        let description = "secret"
    }

    static let cases = [
        Case(error: .notFound, status: 404, code: "user_not_found"),
        Case(
            error: .emailTaken, status: 409, code: "email_taken",
            faults: ["/email email_taken"]),
        Case(
            error: .externalIDTaken, status: 409, code: "external_id_taken",
            faults: ["/external_id external_id_taken"]),
        Case(error: .idTaken, status: 409, code: "id_taken", faults: ["/id id_taken"]),
        Case(error: .versionMismatch, status: 412, code: "version_mismatch"),
        Case(error: .lastAdministrator, status: 409, code: "last_administrator"),
        Case(
            error: .unknownRole, status: 422, code: "validation_failed",
            faults: ["/roles unknown_role"]),
        Case(error: .roleNotFound, status: 404, code: "role_not_found"),
        Case(
            error: .roleExists, status: 409, code: "role_exists", faults: ["/name role_exists"]),
        Case(error: .roleInUse, status: 409, code: "role_in_use"),
        Case(error: .roleBuiltIn, status: 409, code: "role_built_in"),
        Case(error: .tooManyRoles, status: 409, code: "role_limit_reached"),
        Case(error: .wrongCurrentPassword, status: 403, code: "wrong_current_password"),
        Case(error: .outranked, status: 403, code: "forbidden"),
        Case(error: .notPermitted(.list), status: 403, code: "forbidden"),
        Case(
            error: .invalid([
                UserFault(.email, InvalidValue(.required, "x")),
                UserFault(pointer: "/roles/2", InvalidValue(.invalidRole, "y")),
            ]), status: 422, code: "validation_failed",
            faults: ["/email required", "/roles/2 invalid_role"]),
        Case(
            error: .unavailable(.storageAway, cause: Secret()), status: 503, code: "unavailable",
            retryAfter: "1", cause: "secret"),
        Case(
            error: .unavailable(.overloaded, cause: nil), status: 503, code: "unavailable",
            retryAfter: "1", cause: "overloaded"),
        Case(
            error: .unavailable(.contended, cause: Secret()), status: 503, code: "unavailable",
            retryAfter: "1", cause: "secret"),
        Case(
            error: .unavailable(.tooSlow, cause: Secret()), status: 503, code: "search_timed_out",
            retryAfter: "1", cause: "secret"),
        Case(
            error: .outcomeUnknown(cause: Secret()), status: 503, code: "outcome_unknown",
            retryAfter: "1", cause: "secret"),
        Case(
            error: .corrupt("secret"), status: 500, code: "internal_error",
            cause: "corrupt storage: secret"),
        Case(error: .storage(Secret()), status: 500, code: "internal_error", cause: "secret"),
    ]

    @Test(arguments: cases)
    func `an error is a problem on every route, and its cause is for the log`(
        _ given: Case
    ) async throws {
        let api = TestAPI(on: FailingRepository(given.error))
        let path = "/users/0190b6c5-5b1e-7cc3-a1f2-3d4e5f60718a"
        let answers = [
            try await api.send("POST /users", #"{"email":"a@b.example","display_name":"A"}"#),
            try await api.send("GET /users"), try await api.send("GET \(path)"),
            try await api.send("PATCH \(path)", #"{"display_name":"A"}"#),
            try await api.send("PATCH \(path)", #"{"metadata":{"a":1}}"#),
            try await api.send("DELETE \(path)"), try await api.send("GET \(path)/roles"),
            try await api.send("PUT \(path)/roles", #"{"roles":[]}"#),
            try await api.send("DELETE \(path)/roles/member"), try await api.send("GET /roles"),
            try await api.send("POST /roles", #"{"name":"a","permissions":[]}"#),
            try await api.send("PATCH /roles/a", #"{"permissions":[]}"#),
            try await api.send("GET /roles/a"), try await api.send("DELETE /roles/a"),
        ]
        for answer in answers {
            #expect(answer.status == given.status)
            #expect(try answer.problem == given.code)
            #expect(try answer.faults == given.faults)
            #expect(answer[.retryAfter] == given.retryAfter)
            #expect(answer[.cacheControl] == "no-store")
            #expect(answer.cause.map { "\($0)" } == given.cause)
            #expect(!answer.text.contains("secret"))
        }
    }

    @Test func `an address that is taken is told once the user is registered`() async throws {
        let api = TestAPI()
        _ = try await api.register()
        let answer = try await api.send(
            "POST /users", #"{"email":"ADA@a.example","display_name":"Other"}"#)
        #expect(answer.status == 409)
        #expect(try answer.problem == "email_taken")
        #expect(try answer.string("instance") == "/users")
        #expect(answer[.location] == nil)
    }
}
