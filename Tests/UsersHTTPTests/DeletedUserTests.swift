import Ambient
import HTTP
import HTTPTypes
import JSON
import Testing
import Users
import UsersTesting

@Suite("Deleting for good, restoring and reading deleted users")
struct DeletedUserTests {
    let api = TestAPI(caller: .administrator)

    @Test func `a deleted user is restored as it was, in the next version`() async throws {
        let path = try await api.register()
        guard case .object(let before) = try await api.send("GET \(path)").json else { return }
        #expect(try await api.send("DELETE \(path)").status == 204)
        #expect(try await api.send("GET \(path)").status == 404)
        let deleted = try await api.send("GET \(path)?include_deleted=true")
        #expect(deleted.status == 200)
        #expect(try deleted.member("deleted_at") != .null)
        #expect(deleted[.eTag] == #""2-a""#)
        let restored = try await api.send("POST \(path)/restore")
        #expect(restored.status == 200)
        #expect(restored[.eTag] == #""3-a""#)
        #expect(try await api.send("GET \(path)").text == restored.text)
        for sent in before.members where !["updated_at", "version"].contains(sent.name) {
            #expect(try restored.member(sent.name) == sent.value, "\(sent.name)")
        }
        #expect(try restored.member("deleted_at") == .null)
    }

    @Test func `a user who is not deleted stays as it is`() async throws {
        let path = try await api.register()
        let before = try await api.send("GET \(path)").text
        let restored = try await api.send("POST \(path)/restore")
        #expect(restored.status == 200 && restored.text == before)
    }

    @Test func `what somebody else has taken meanwhile is told`() async throws {
        let path = try await api.register()
        _ = try await api.send("DELETE \(path)")
        _ = try await api.register()
        let restored = try await api.send("POST \(path)/restore")
        #expect(restored.status == 409)
        #expect(try restored.problem == "email_taken")
    }

    @Test(arguments: [
        (#""2""#, 200), (#""2-a""#, 200), ("*", 200), (#""1", "2""#, 200), (#""1""#, 412),
        (#"W/"2""#, 412), ("2", 400),
    ])
    func `If-Match lets a restoration happen in the version that it names`(
        _ condition: String, _ status: Int
    ) async throws {
        let path = try await api.register()
        _ = try await api.send("DELETE \(path)")
        let restored = try await api.send(
            "POST \(path)/restore", fields: ["If-Match: \(condition)"])
        #expect(restored.status == status)
    }

    @Test(arguments: [false, true])
    func `a user who is deleted for good is nowhere any more`(isDeleted: Bool) async throws {
        let path = try await api.register()
        if isDeleted { _ = try await api.send("DELETE \(path)?mode=soft") }
        #expect(try await api.send("DELETE \(path)?mode=hard").status == 204)
        for line in ["GET \(path)?include_deleted=true", "DELETE \(path)?mode=hard"] {
            #expect(try await api.send(line).status == 404)
        }
        #expect(try await api.send("POST \(path)/restore").status == 404)
        #expect(api.repository.inspect { $0.users.isEmpty && $0.passwordHashes.isEmpty })
    }

    @Test func `a restoration must be conditional where changes must`() async throws {
        let path = try await api.register()
        _ = try await api.send("DELETE \(path)")
        let strict = TestAPI(on: api.repository, requiresIfMatch: true, caller: .administrator)
        #expect(try await strict.send("POST \(path)/restore").status == 428)
        let restored = try await strict.send(
            "POST \(path)/restore", fields: [#"If-Match: "2""#])
        #expect(restored.status == 200)
    }

    @Test(arguments: [(#""1""#, 204), (#""2""#, 412), (#""7", "8""#, 412)])
    func `If-Match lets a user be deleted for good in the version that it names`(
        _ condition: String, _ status: Int
    ) async throws {
        let path = try await api.register()
        let deletion = try await api.send(
            "DELETE \(path)?mode=hard", fields: ["If-Match: \(condition)"])
        #expect(deletion.status == status)
        #expect(api.repository.inspect { $0.users.isEmpty } == (status == 204))
    }

    @Test func `deleted users are for those who may read all`() async throws {
        let path = try await api.register()
        let api = try api.asked(byUserAt: path)
        let answer = try await api.send("GET \(path)?include_deleted=true")
        #expect(answer.status == 403)
        #expect(try await api.send("GET \(path)?include_deleted=false").status == 200)
    }

    @Test(arguments: [
        ("include_deleted=1", "invalid_flag"), ("include_deleted=", "invalid_flag"),
        ("include_deleted=true&include_deleted=true", "malformed_query"),
        ("deleted=true", "unknown_parameter"), ("include_deleted=%ff", "malformed_query"),
    ])
    func `another query is refused`(_ query: String, _ code: String) async throws {
        let path = try await api.register()
        let answer = try await api.send("GET \(path)?\(query)")
        #expect(answer.status == 400)
        #expect(try answer.problem == code)
    }
}

@Suite("The caller's own id, me")
struct OwnIDTests {
    @Test func `it stands for the user of the token`() async throws {
        let api = TestAPI(caller: .administrator)
        let created = try await api.send(
            "PUT /users/\(UserID.administrator.uuid)",
            #"{"email":"me@a.example","display_name":"I"}"#,
            fields: ["If-None-Match: *"])
        #expect(created.status == 201)
        let me = try await api.send("GET /users/me")
        #expect(me.status == 200 && me.text == created.text)
        let renamed = try await api.send("PATCH /users/me", #"{"display_name":"Me"}"#)
        #expect(try renamed.string("display_name") == "Me")
        #expect(try await api.send("DELETE /users/me").status == 204)
    }

    @Test(arguments: [
        "GET /users/me", "PUT /users/me", "PATCH /users/me", "DELETE /users/me",
        "POST /users/me/restore",
    ])
    func `it needs a token`(_ line: String) async throws {
        let answer = try await TestAPI(caller: .unauthenticated).send(line, "{}")
        #expect(answer.status == 401)
        #expect(try answer.problem == "authentication_required")
        #expect(answer[.wwwAuthenticate] == "Bearer")
    }
}
