import HTTP
import HTTPTypes
import Testing
import Users
import UsersTesting

@Suite("Every route and every kind of caller")
struct AccessMatrixTests {
    enum Asker: String, CaseIterable, Sendable {
        case nobody, itself, other, reader, writer, granter, administrator

        var permissions: PermissionSet {
            switch self {
            case .nobody, .itself, .other: []
            case .reader: [.usersRead]
            case .writer: [.usersWrite]
            case .granter: [.rolesWrite]
            case .administrator: .all
            }
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let line: String
        var json: String?
        /// The status for each ``Asker``, in their order.
        let statuses: [Int]
        /// The same if the user is an administrator.
        let ofAdministrator: [Int]
        var testDescription: String { line + (json.map { " " + $0 } ?? "") }

        /// - Parameter ofAdministrator: Nil if it is no matter what the user may do.
        init(_ line: String, _ statuses: [Int], _ ofAdministrator: [Int]? = nil) {
            self.line = line
            self.statuses = statuses
            self.ofAdministrator = ofAdministrator ?? statuses
        }

        /// The same with a content.
        init(_ line: String, _ json: String, _ statuses: [Int], _ ofAdministrator: [Int]? = nil) {
            self.line = line
            self.json = json
            self.statuses = statuses
            self.ofAdministrator = ofAdministrator ?? statuses
        }
    }

    /// In order: nobody, itself, another user, `users:read`, `users:write`, `roles:write`, all.
    static let cases = [
        Case(
            "POST /users",
            #"{"email":"a@b.example","display_name":"A","password":"seven quiet otters swim"}"#,
            [201, 201, 201, 201, 201, 201, 201]),
        Case(
            "POST /users", #"{"email":"a@b.example","display_name":"A"}"#,
            [422, 422, 422, 422, 201, 422, 201]),
        Case("GET /users", [401, 403, 403, 200, 403, 403, 200]),
        Case("GET /users/ID", [401, 200, 403, 200, 403, 403, 200]),
        Case("HEAD /users/ID", [401, 200, 403, 200, 403, 403, 200]),
        Case("GET /users/ID?include_deleted=true", [401, 403, 403, 200, 403, 403, 200]),
        Case(
            "PUT /users/ID", #"{"email":"a@b.example","display_name":"A"}"#,
            [401, 403, 403, 403, 200, 403, 200], [401, 403, 403, 403, 403, 403, 200]),
        Case(
            "PATCH /users/ID", #"{"display_name":"A"}"#,
            [401, 200, 403, 403, 200, 403, 200], [401, 200, 403, 403, 403, 403, 200]),
        Case(
            "PATCH /users/ID", #"{"metadata":{"a":1}}"#,
            [401, 200, 403, 403, 200, 403, 200], [401, 200, 403, 403, 403, 403, 200]),
        Case(
            "PATCH /users/ID", #"{"email":"a@b.example"}"#,
            [401, 422, 403, 403, 200, 403, 200], [401, 422, 403, 403, 403, 403, 200]),
        Case(
            "PATCH /users/ID", #"{"status":"disabled"}"#,
            [401, 403, 403, 403, 200, 403, 200], [401, 403, 403, 403, 403, 403, 200]),
        Case(
            "PATCH /users/ID", #"{"external_id":"x"}"#,
            [401, 403, 403, 403, 200, 403, 200], [401, 403, 403, 403, 403, 403, 200]),
        Case(
            "PATCH /users/ID", #"{"roles":["admin"]}"#,
            [401, 403, 403, 403, 403, 403, 200]),
        Case(
            "DELETE /users/ID",
            [401, 204, 403, 403, 204, 403, 204], [401, 204, 403, 403, 403, 403, 204]),
        Case(
            "DELETE /users/ID?mode=hard",
            [401, 403, 403, 403, 204, 403, 204], [401, 403, 403, 403, 403, 403, 204]),
        Case("POST /users/ID/restore", [401, 403, 403, 403, 200, 403, 200]),
        Case("GET /users/ID/roles", [401, 403, 403, 403, 403, 200, 200]),
        Case(
            "PUT /users/ID/roles", #"{"roles":["plain"]}"#,
            [401, 403, 403, 403, 403, 200, 200], [401, 403, 403, 403, 403, 403, 200]),
        Case(
            "PUT /users/ID/roles", #"{"roles":["reading"]}"#,
            [401, 403, 403, 403, 403, 403, 200]),
        Case(
            "PUT /users/ID/roles/plain",
            [401, 403, 403, 403, 403, 204, 204], [401, 403, 403, 403, 403, 403, 204]),
        Case("PUT /users/ID/roles/admin", [401, 403, 403, 403, 403, 403, 204]),
        Case(
            "DELETE /users/ID/roles/member",
            [401, 403, 403, 403, 403, 204, 204], [401, 403, 403, 403, 403, 403, 204]),
        Case(
            "DELETE /users/ID/roles/admin",
            [401, 403, 403, 403, 403, 204, 204], [401, 403, 403, 403, 403, 403, 204]),
        Case("GET /roles", [401, 403, 403, 403, 403, 200, 200]),
        Case("GET /roles/reading", [401, 403, 403, 403, 403, 200, 200]),
        Case(
            "POST /roles", #"{"name":"new","permissions":["roles:write"]}"#,
            [401, 403, 403, 403, 403, 201, 201]),
        Case(
            "POST /roles", #"{"name":"new","permissions":["users:read"]}"#,
            [401, 403, 403, 403, 403, 403, 201]),
        Case(
            "PATCH /roles/plain", #"{"permissions":["roles:write"]}"#,
            [401, 403, 403, 403, 403, 200, 200]),
        Case(
            "PATCH /roles/plain", #"{"permissions":["users:read"]}"#,
            [401, 403, 403, 403, 403, 403, 200]),
        Case(
            "PATCH /roles/reading", #"{"permissions":[]}"#,
            [401, 403, 403, 403, 403, 403, 200]),
        Case("DELETE /roles/plain", [401, 403, 403, 403, 403, 204, 204]),
        Case("DELETE /roles/reading", [401, 403, 403, 403, 403, 403, 204]),
    ]

    @Test(arguments: cases)
    func access(_ given: Case) async throws {
        for isOfAdministrator in [false, true] {
            let expected = isOfAdministrator ? given.ofAdministrator : given.statuses
            for (asker, status) in zip(Asker.allCases, expected) {
                let answer = try await answer(
                    to: given, for: asker, ofAdministrator: isOfAdministrator)
                #expect(
                    answer.status == status,
                    "\(asker), of an administrator: \(isOfAdministrator), \(answer.text)")
            }
        }
    }

    /// What is answered in a world of its own: an administrator, and the user whom it is about.
    private func answer(
        to given: Case, for asker: Asker, ofAdministrator: Bool
    ) async throws -> Answer {
        let api = TestAPI()
        try api.repository.addRole("plain")
        try api.repository.addRole("reading", [.usersRead])
        let path = try await api.register()
        _ = try await api.register(
            #"{"email":"root@a.example","display_name":"Root","roles":["admin"]}"#)
        if ofAdministrator { _ = try await api.send("PUT \(path)/roles/admin") }
        let id = try UserID(parsing: String(path.dropFirst("/users/".count)))
        let isOwn = asker == .itself
        let permissions = isOwn && ofAdministrator ? [] : asker.permissions
        let caller: Caller =
            asker == .nobody
            ? .unauthenticated : .authenticated(isOwn ? id : .administrator, permissions)
        let line = given.line.replacing("/users/ID", with: path)
        let asked = TestAPI(on: api.repository, caller: caller, seed: 10)
        guard let json = given.json else { return try await asked.send(line) }
        return try await asked.send(line, json)
    }
}
