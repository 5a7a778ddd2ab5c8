import HTTP
import HTTPTypes
import JSON
import Testing
import Users
import UsersTesting

@Suite("The roles of a user")
struct UserRoleTests {
    let api = TestAPI()
    let support = RoleName(trusted: "support")

    private func register() async throws -> (path: String, id: UserID) {
        try api.repository.addRole("support", [.usersRead])
        let path = try await api.register()
        api.observer.forget()
        return (path, try UserID(parsing: String(path.dropFirst("/users/".count))))
    }

    @Test func `they are read, set, granted and revoked, each change counted once`() async throws {
        let (path, id) = try await register()
        let read = try await api.send("GET \(path)/roles")
        #expect(read.status == 200 && read.text == #"{"roles":["member"]}"#)
        #expect(read[.eTag] == #""1-a""#)
        let known = try await api.send("GET \(path)/roles", fields: [#"If-None-Match: "1-a""#])
        #expect(known.status == 304 && known.text.isEmpty && known[.eTag] == #""1-a""#)
        let stale = try await api.send("GET \(path)/roles", fields: [#"If-Match: "2""#])
        #expect(stale.status == 412)
        for _ in 0..<2 {
            #expect(try await api.send("PUT \(path)/roles/support").status == 204)
            #expect(try await api.send("GET \(path)")[.eTag] == #""2-a""#)
        }
        for _ in 0..<2 {
            #expect(try await api.send("DELETE \(path)/roles/member").status == 204)
            #expect(try await api.send("GET \(path)")[.eTag] == #""3-a""#)
        }
        for _ in 0..<2 {
            let set = try await api.send(
                "PUT \(path)/roles", #"{"roles":["support","member","support"]}"#)
            #expect(set.status == 200 && set.text == #"{"roles":["member","support"]}"#)
            #expect(set[.eTag] == #""4-a""#)
        }
        #expect(
            api.observer.record.events == [
                .roleGranted(id, support), .roleRevoked(id, .member), .userRolesSet(id),
            ])
        #expect(api.observer.record.users == [id, id, id])
        #expect(try await api.send("GET \(path)/roles").text == #"{"roles":["member","support"]}"#)
    }

    @Test func `If-Match counts, whether or not anything changes`() async throws {
        let (path, _) = try await register()
        for (line, json) in [
            ("PUT \(path)/roles/support", nil), ("PUT \(path)/roles/member", nil),
            ("DELETE \(path)/roles/member", nil), ("DELETE \(path)/roles/support", nil),
            ("PUT \(path)/roles", #"{"roles":["member"]}"#),
            ("PUT \(path)/roles", #"{"roles":[]}"#),
        ] as [(String, String?)] {
            for condition in [#""2""#, #""2", "3""#] {
                let fields = ["If-Match: \(condition)"]
                let answer =
                    if let json { try await api.send(line, json, fields: fields) } else {
                        try await api.send(line, fields: fields)
                    }
                #expect(answer.status == 412)
            }
        }
        let granted = try await api.send(
            "PUT \(path)/roles/support", fields: [#"If-Match: "1", "7""#])
        #expect(granted.status == 204)
        let strict = TestAPI(on: api.repository, requiresIfMatch: true)
        #expect(try await strict.send("DELETE \(path)/roles/support").status == 428)
    }

    @Test func `a role that does not exist is not found alone and a fault among others`()
        async throws
    {
        let (path, _) = try await register()
        for name in ["nothing", "A", "a%20"] {
            let answer = try await api.send("PUT \(path)/roles/\(name)")
            #expect(answer.status == 404)
            #expect(try answer.problem == "role_not_found")
        }
        #expect(try await api.send("DELETE \(path)/roles/nothing").status == 204)
        for answer in [
            try await api.send("PUT \(path)/roles", #"{"roles":["member","nothing"]}"#),
            try await api.send("PATCH \(path)", #"{"roles":["nothing"]}"#),
            try await api.send(
                "POST /users", #"{"email":"b@a.example","display_name":"B","roles":["nothing"]}"#),
        ] {
            #expect(answer.status == 422)
            #expect(try answer.faults == ["/roles unknown_role"])
        }
    }

    @Test(arguments: [
        ("{}", "/roles required"), (#"{"roles":null}"#, "/roles wrong_type"),
        (#"{"roles":["A"]}"#, "/roles/0 invalid_role"), ("[]", " wrong_type"),
        (
            #"{"roles":[\#((0..<17).map { "\"r\($0)\"" }.joined(separator: ","))]}"#,
            "/roles too_many_roles"
        ),
    ])
    func `a malformed set is refused`(_ json: String, _ fault: String) async throws {
        let (path, _) = try await register()
        let answer = try await api.send("PUT \(path)/roles", json)
        #expect(answer.status == 422)
        #expect(try answer.faults == [fault])
    }

    @Test func `a seventeenth role is refused`() async throws {
        let (path, _) = try await register()
        for number in 1..<16 {
            try api.repository.addRole("r\(number)")
            #expect(try await api.send("PUT \(path)/roles/r\(number)").status == 204)
        }
        let answer = try await api.send("PUT \(path)/roles/support")
        #expect(answer.status == 422)
        #expect(try answer.faults == ["/roles too_many_roles"])
    }

    @Test func `nobody who is not there has roles`() async throws {
        let (path, _) = try await register()
        _ = try await api.send("DELETE \(path)")
        for path in [path, "/users/\(UserID.administrator.uuid)"] {
            for answer in [
                try await api.send("GET \(path)/roles"),
                try await api.send("PUT \(path)/roles", #"{"roles":[]}"#),
                try await api.send("PUT \(path)/roles/member"),
                try await api.send("DELETE \(path)/roles/member"),
            ] {
                #expect(answer.status == 404)
                #expect(try answer.problem == "user_not_found")
            }
        }
    }

    @Test func `me is the caller's own id`() async throws {
        let (path, _) = try await register()
        let itself = try api.asked(byUserAt: path, [.rolesWrite])
        #expect(try await itself.send("PUT /users/me/roles/support").status == 403)
        #expect(try await itself.send("DELETE /users/me/roles/member").status == 204)
        #expect(try await itself.send("GET /users/me/roles").text == #"{"roles":[]}"#)
    }

    @Test func `what a caller lacks is told`() async throws {
        let (path, _) = try await register()
        let granter = TestAPI(
            on: api.repository, caller: .authenticated(.administrator, [.rolesWrite]))
        let answer = try await granter.send("PUT \(path)/roles/support")
        #expect(answer.status == 403)
        #expect(
            try answer.string("detail")
                == "The user or role has, or would get, a permission that the caller lacks.")
        #expect(api.observer.record.events.isEmpty && api.observer.record.users.isEmpty)
    }
}
