import HTTP
import HTTPTypes
import JSON
import Testing
import Users
import UsersTesting

@Suite("Roles and what they allow")
struct RoleTests {
    let api = TestAPI()

    @Test func `the built-in roles are there`() async throws {
        let answer = try await api.send("GET /roles")
        #expect(answer.status == 200)
        let time =
            #""created_at":"1970-01-01T00:00:00.000000Z""#
            + #","updated_at":"1970-01-01T00:00:00.000000Z""#
        #expect(
            answer.text
                == #"{"items":[{"name":"admin","permissions":["roles:write","users:read","#
                + #""users:write"],"built_in":true,\#(time)},"#
                + #"{"name":"member","permissions":[],"built_in":true,\#(time)}]}"#)
        #expect(answer[.cacheControl] == "private, no-cache")
        #expect(answer[.vary] == "Authorization, Accept-Encoding")
    }

    @Test func `a role is made, read, changed and deleted`() async throws {
        let made = try await api.send(
            "POST /roles",
            #"{"name":"support","permissions":["users:read","users:read"],"note":"ignored"}"#)
        #expect(made.status == 201 && made[.location] == "/roles/support")
        #expect(try made.member("permissions") == ["users:read"])
        #expect(try made.member("built_in") == false)
        #expect(try await api.send("GET /roles/support").text == made.text)
        let changed = try await api.send(
            "PATCH /roles/support", #"{"permissions":["users:write","users:read"]}"#)
        #expect(changed.status == 200)
        #expect(try changed.member("permissions") == ["users:read", "users:write"])
        #expect(try changed.string("created_at") == made.string("created_at"))
        #expect(try changed.string("updated_at") != made.string("updated_at"))
        // As it was read, and without anything.
        #expect(try await api.send("PATCH /roles/support", changed.text).status == 200)
        let untouched = try await api.send("PATCH /roles/support", "{}")
        #expect(untouched.status == 200)
        #expect(try await api.send("DELETE /roles/support").status == 204)
        let gone = try await api.send("GET /roles/support")
        #expect(gone.status == 404)
        #expect(try gone.problem == "role_not_found")
        #expect(api.observer.record.roles == ["support", "support"].map(RoleName.init(trusted:)))
        #expect(
            api.observer.record.events == [
                .roleCreated(RoleName(trusted: "support")),
                .roleChanged(RoleName(trusted: "support")),
                .roleChanged(RoleName(trusted: "support")),
                .roleDeleted(RoleName(trusted: "support")),
            ])
    }

    @Test(
        arguments: [
            ("POST /roles", "[]", [" wrong_type"]),
            ("POST /roles", "{}", ["/name required", "/permissions required"]),
            (
                "POST /roles", #"{"name":"A","permissions":["x",7,"users:read"]}"#,
                [
                    "/name invalid_role", "/permissions/0 invalid_permission",
                    "/permissions/1 wrong_type",
                ]
            ),
            (
                "POST /roles", #"{"name":7,"permissions":"users:read","built_in":false}"#,
                ["/built_in read_only", "/name wrong_type", "/permissions wrong_type"]
            ),
            ("PATCH /roles/admin", #"{"permissions":null}"#, ["/permissions wrong_type"]),
            (
                "POST /roles",
                #"{"name":"a","permissions":[\#(String(repeating: "0,", count: 64))0]}"#,
                ["/permissions wrong_type"]
            ),
            (
                "PATCH /roles/admin", #"{"name":"root","built_in":false,"updated_at":1}"#,
                ["/name read_only", "/built_in read_only", "/updated_at read_only"]
            ),
        ] as [(String, String, [String])])
    func `faults are told at once`(
        _ line: String, _ json: String, _ faults: [String]
    ) async throws {
        let answer = try await api.send(line, json)
        #expect(answer.status == 422)
        #expect(try answer.faults == faults)
    }

    @Test(arguments: ["/roles/nothing", "/roles/A", "/roles/a%20b", "/roles/1"])
    func `a role that is not there is 404`(_ path: String) async throws {
        for answer in [
            try await api.send("GET \(path)"), try await api.send("DELETE \(path)"),
            try await api.send("PATCH \(path)", #"{"permissions":[]}"#),
            try await api.send("PATCH \(path)", "{}"),
        ] {
            #expect(answer.status == 404)
            #expect(try answer.problem == "role_not_found")
        }
    }

    @Test(arguments: ["admin", "member"])
    func `a built-in role stays as it is`(_ name: String) async throws {
        let read = try await api.send("GET /roles/\(name)")
        let same = try await api.send("PATCH /roles/\(name)", read.text)
        #expect(same.status == 200 && same.text == read.text)
        for answer in [
            try await api.send("DELETE /roles/\(name)"),
            try await api.send("PATCH /roles/\(name)", #"{"permissions":["users:read"]}"#),
        ] {
            #expect(answer.status == 409)
            #expect(try answer.problem == "role_built_in")
        }
        let twice = try await api.send("POST /roles", #"{"name":"\#(name)","permissions":[]}"#)
        #expect(twice.status == 409)
        #expect(try twice.faults == ["/name role_exists"])
        #expect(try await api.send("GET /roles/\(name)").text == read.text)
    }

    @Test func `a role that somebody holds is not deleted, even if that one is`() async throws {
        try api.repository.addRole("support")
        let path = try await api.register(
            #"{"email":"a@a.example","display_name":"A","roles":["support"]}"#)
        for _ in 0..<2 {
            let answer = try await api.send("DELETE /roles/support")
            #expect(answer.status == 409)
            #expect(try answer.problem == "role_in_use")
            _ = try await api.send("DELETE \(path)")
        }
        _ = try await api.send("DELETE \(path)?mode=hard")
        #expect(try await api.send("DELETE /roles/support").status == 204)
    }

    @Test func `there are so many roles and no more`() async throws {
        for number in 2..<Role.countMax { try api.repository.addRole("r\(number)") }
        let answer = try await api.send("POST /roles", #"{"name":"one","permissions":[]}"#)
        #expect(answer.status == 409)
        #expect(try answer.problem == "role_limit_reached")
    }
}
