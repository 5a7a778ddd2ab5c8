import HTTP
import HTTPTypes
import JSON
import Testing
import Users
import UsersTesting

@Suite("What changes whom users are, and who hears of it")
struct OwnAccountTests {
    let api = TestAPI()

    @Test func `one's own address takes the current password`() async throws {
        let path = try await api.register()
        let itself = try api.asked(byUserAt: path)
        let missing = try await itself.send("PATCH /users/me", #"{"email":"new@a.example"}"#)
        #expect(missing.status == 422)
        #expect(try missing.faults == ["/current_password required"])
        for wrong in ["no", String(repeating: "a", count: 10_000)] {
            let refused = try await itself.send(
                "PATCH /users/me", #"{"email":"new@a.example","current_password":"\#(wrong)"}"#)
            #expect(refused.status == 403)
            #expect(try refused.problem == "wrong_current_password")
            #expect(!refused.text.contains(wrong + wrong))
        }
        let malformed = try await itself.send(
            "PATCH /users/me", #"{"email":"new@a.example","current_password":7}"#)
        #expect(try malformed.faults == ["/current_password wrong_type"])
        let right = FakePasswordVerifier.password
        let changed = try await itself.send(
            "PATCH /users/me", #"{"email":"new@a.example","current_password":"\#(right)"}"#)
        #expect(changed.status == 200)
        #expect(try changed.string("email") == "new@a.example")
        #expect(try changed.member("email_verified") == false)
        #expect(!changed.text.contains("otters"))
        let other = try await itself.send(
            "PATCH /users/me", #"{"status":"disabled","current_password":"\#(right)"}"#)
        #expect(other.status == 403)
    }

    @Test func `who may write users needs no password, and one's own stays with its owner`()
        async throws
    {
        let path = try await api.register()
        #expect(try await api.send("PATCH \(path)", #"{"email":"b@a.example"}"#).status == 200)
        let itself = try api.asked(byUserAt: path)
        let read = try await itself.send("GET /users/me")
        #expect(try await itself.send("PATCH /users/me", read.text).status == 200)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let line: String
        var json: String?
        let events: @Sendable (UserID) -> [UserEvent]
        var isOfAccess = true
        var testDescription: String { line + (json ?? "") }
    }

    @Test(arguments: [
        Case(line: "PATCH", json: #"{"display_name":"B"}"#, events: { _ in [] }, isOfAccess: false),
        Case(line: "PATCH", json: #"{"metadata":{"a":1}}"#, events: { _ in [] }, isOfAccess: false),
        Case(line: "PATCH", json: "{}", events: { _ in [] }, isOfAccess: false),
        Case(line: "GET", events: { _ in [] }, isOfAccess: false),
        Case(
            line: "PATCH", json: #"{"status":"disabled"}"#,
            events: { [.userStatusSet($0, .disabled)] }),
        Case(
            line: "PATCH", json: #"{"status":"active","metadata":{"a":1}}"#,
            events: { [.userStatusSet($0, .active)] }),
        Case(line: "PATCH", json: #"{"roles":[]}"#, events: { [.userRolesSet($0)] }),
        Case(
            line: "PUT", json: #"{"email":"b@a.example","display_name":"B"}"#,
            events: { [.userStatusSet($0, .active)] }),
        Case(line: "DELETE", events: { [.userDeleted($0)] }),
        Case(line: "DELETE ?mode=hard", events: { [.userRemoved($0)] }),
        Case(line: "POST /restore", events: { _ in [] }, isOfAccess: false),
    ])
    func `what is done is told, and who may do something else by it`(_ given: Case) async throws {
        let path = try await api.register()
        let id = try UserID(parsing: String(path.dropFirst("/users/".count)))
        #expect(api.observer.record.events == [.userRegistered(id)])
        #expect(api.observer.record.users.isEmpty)
        api.observer.forget()
        let parts = given.line.split(separator: " ")
        let line = "\(parts[0]) \(path)\(parts.count > 1 ? parts[1] : "")"
        let answer =
            if let json = given.json { try await api.send(line, json) } else {
                try await api.send(line)
            }
        #expect(answer.status < 300)
        #expect(api.observer.record.events == given.events(id))
        #expect(api.observer.record.users == (given.isOfAccess ? [id] : []))
    }

    @Test func `a restoration is told, and what is refused is not`() async throws {
        let path = try await api.register()
        let id = try UserID(parsing: String(path.dropFirst("/users/".count)))
        _ = try await api.send("DELETE \(path)")
        api.observer.forget()
        #expect(try await api.send("POST \(path)/restore").status == 200)
        #expect(api.observer.record.events == [.userRestored(id)])
        #expect(api.observer.record.users == [id])
        api.observer.forget()
        let stale = try await api.send(
            "PATCH \(path)", #"{"status":"disabled"}"#, fields: [#"If-Match: "1""#])
        #expect(stale.status == 412)
        #expect(api.observer.record.events.isEmpty && api.observer.record.users.isEmpty)
    }

    @Test func `the last administrator stays one`() async throws {
        let path = try await api.register(
            #"{"email":"root@a.example","display_name":"Root","roles":["admin"]}"#)
        for answer in [
            try await api.send("PATCH \(path)", #"{"status":"disabled"}"#),
            try await api.send("PATCH \(path)", #"{"roles":[]}"#),
            try await api.send("DELETE \(path)"), try await api.send("DELETE \(path)?mode=hard"),
            try await api.send("DELETE \(path)/roles/admin"),
            try await api.send("PUT \(path)/roles", #"{"roles":["member"]}"#),
        ] {
            #expect(answer.status == 409)
            #expect(try answer.problem == "last_administrator")
        }
        _ = try await api.register(
            #"{"email":"next@a.example","display_name":"Next","roles":["admin"]}"#)
        #expect(try await api.send("DELETE \(path)/roles/admin").status == 204)
    }
}
