import HTTPTesting
import HTTPTypes
import Postgres
import PostgresTesting
import Routing
import Testing

@testable import App

/// The table of docs/api.md, "Resources", route by route and caller by caller.
@Suite("Who may do what")
struct AccessMatrixTests {
    /// Who asks, in the order of the columns.
    enum Column: Int, CaseIterable {
        case nobody
        /// A member, of himself.
        case itself
        /// A member, of somebody else.
        case stranger
        /// Who holds `users:read` alone, of a member; and likewise for the other permissions.
        case reader, writer, keeper
        case administrator
        /// Of an administrator, who holds more than they do.
        case writerOfAdministrator, keeperOfAdministrator
    }

    struct Row {
        let route: String
        var query = ""
        var body: String?
        var role = "member"
        /// The columns of an administrator are those of a member where the path names no user.
        let statuses: [Int]

        init(
            _ route: String, _ statuses: [Int], query: String = "", body: String? = nil,
            role: String = "member"
        ) {
            (self.route, self.statuses, self.query) = (route, statuses, query)
            (self.body, self.role) = (body, role)
        }
    }

    /// Without the files of Swagger UI, which may be there or not.
    private static let variables = ["DOCS_DIRECTORY": "/nonexistent"]

    static let rows = forEverybody + ofUsers + ofPasswordsAndSessions + ofRoles + ofEveryRole

    @Test func `each route answers each caller as the table says`() async throws {
        try await withApplication(Self.variables) { application, database in
            let fixture = try await AccessFixture.make(application, database)
            for row in Self.rows {
                for column in Column.allCases where row.statuses.indices.contains(column.rawValue) {
                    let expected = row.statuses[column.rawValue]
                    let status = try await fixture.status(of: row, column)
                    #expect(status == expected, "\(row.route)\(row.query), \(column)")
                    if column == .itself, row.route.contains("/users/{id}") {
                        let status = try await fixture.status(of: row, column, isMe: true)
                        #expect(status == expected, "\(row.route)\(row.query), me")
                    }
                }
            }
        }
    }

    @Test func `the table has every route of the service, and no other`() async throws {
        try await withApplication(Self.variables) { application, _ in
            let routes = application.routes.map { "\($0.method.rawValue) \($0.template)" }
            #expect(Set(routes).subtracting(Self.rows.map(\.route)) == [])
            #expect(Set(Self.rows.map(\.route)).subtracting(routes) == [])
        }
    }
}

/// The columns are: nobody, itself, stranger, reader, writer, keeper, administrator, and, where the
/// path names a user, writer and keeper of an administrator.
extension AccessMatrixTests {
    private static let all200 = Array(repeating: 200, count: 7)

    static let forEverybody = [
        Row("GET /health", all200),
        Row("GET /health/live", all200),
        Row("GET /health/ready", all200),
        Row("GET /version", all200),
        Row("GET /metrics", all200),
        Row("GET /openapi.json", all200),
        Row("GET /docs", all200),
        Row("GET /problems", all200),
        Row("GET /problems/{code}", all200),
        Row("GET /.well-known/jwks.json", all200),
        Row("POST /auth/login", all200, body: "{login}"),
        Row("POST /auth/refresh", all200, body: "{refresh}"),
        Row("POST /auth/logout", [204, 204, 204, 204, 204, 204, 204], body: "{refresh}"),
        Row(
            "POST /auth/logout", [204, 204, 204, 204, 204, 204, 204],
            body: #"{"refresh_token":""}"#),
        Row("POST /users", [201, 201, 201, 201, 201, 201, 201], body: "{user}"),
        Row("POST /users", [403, 403, 403, 403, 403, 403, 201], body: "{user with roles}"),
    ]

    static let ofUsers = [
        Row("GET /users", [401, 403, 403, 200, 403, 403, 200]),
        Row("GET /users/{id}", [401, 200, 403, 200, 403, 403, 200, 403, 403]),
        Row("PUT /users/{id}", [401, 403, 403, 403, 200, 403, 200, 403, 403], body: "{profile}"),
        Row(
            "PATCH /users/{id}", [401, 200, 403, 403, 200, 403, 200, 403, 403],
            body: #"{"display_name":"Else"}"#),
        Row(
            "PATCH /users/{id}", [401, 403, 403, 403, 200, 403, 200, 403, 403],
            body: #"{"status":"disabled"}"#),
        Row(
            "PATCH /users/{id}", [401, 403, 403, 403, 200, 403, 200, 403, 403],
            body: #"{"admin_metadata":{"a":1}}"#),
        Row(
            "PATCH /users/{id}", [401, 403, 403, 403, 403, 403, 200, 403, 403],
            body: #"{"roles":["reader"]}"#),
        Row("DELETE /users/{id}", [401, 204, 403, 403, 204, 403, 204, 403, 403]),
        Row(
            "DELETE /users/{id}", [401, 403, 403, 403, 204, 403, 204, 403, 403],
            query: "?mode=hard"),
        Row("POST /users/{id}/restore", [401, 403, 403, 403, 200, 403, 200, 403, 403]),
    ]

    static let ofPasswordsAndSessions = [
        Row(
            "PUT /users/{id}/password", [401, 204, 403, 403, 204, 403, 204, 403, 403],
            body: #"{"password":"forty-two blue herons","current_password":"{password}"}"#),
        Row(
            "PUT /users/{id}/password", [401, 422, 403, 403, 204, 403, 204, 403, 403],
            body: #"{"password":"forty-two blue herons"}"#),
        Row(
            "PUT /users/{id}/password", [401, 403, 403, 403, 403, 403, 403, 403, 403],
            body: #"{"password":"forty-two blue herons","current_password":"wrong"}"#),
        Row("DELETE /users/{id}/lockout", [401, 403, 403, 403, 204, 403, 204, 204, 403]),
        Row("GET /users/{id}/sessions", [401, 200, 403, 403, 200, 403, 200, 200, 403]),
        Row("DELETE /users/{id}/sessions", [401, 204, 403, 403, 204, 403, 204, 204, 403]),
        Row(
            "DELETE /users/{id}/sessions/{session_id}",
            [401, 204, 403, 403, 204, 403, 204, 204, 403]),
    ]

    static let ofRoles = [
        Row("GET /users/{id}/roles", [401, 403, 403, 403, 403, 200, 200, 403, 200]),
        Row(
            "PUT /users/{id}/roles", [401, 403, 403, 403, 403, 200, 200, 403, 403],
            body: #"{"roles":["keeper"]}"#),
        Row(
            "PUT /users/{id}/roles", [401, 403, 403, 403, 403, 403, 200, 403, 403],
            body: #"{"roles":["writer"]}"#),
        Row(
            "PUT /users/{id}/roles/{role}", [401, 403, 403, 403, 403, 204, 204, 403, 403],
            role: "keeper"),
        Row(
            "PUT /users/{id}/roles/{role}", [401, 403, 403, 403, 403, 403, 204, 403, 403],
            role: "reader"),
        Row(
            "PUT /users/{id}/roles/{role}", [401, 403, 403, 403, 403, 403, 204, 403, 403],
            role: "admin"),
        Row("DELETE /users/{id}/roles/{role}", [401, 403, 403, 403, 403, 204, 204, 403, 403]),
    ]

    static let ofEveryRole = [
        Row("GET /roles", [401, 403, 403, 403, 403, 200, 200]),
        Row(
            "POST /roles", [401, 403, 403, 403, 403, 201, 201],
            body: #"{"name":"{new}","permissions":["roles:write"]}"#),
        Row(
            "POST /roles", [401, 403, 403, 403, 403, 403, 201],
            body: #"{"name":"{new}","permissions":["users:read"]}"#),
        Row("GET /roles/{name}", [401, 403, 403, 403, 403, 200, 200]),
        Row(
            "PATCH /roles/{name}", [401, 403, 403, 403, 403, 200, 200],
            body: #"{"permissions":["roles:write"]}"#),
        Row(
            "PATCH /roles/{name}", [401, 403, 403, 403, 403, 403, 200],
            body: #"{"permissions":["users:write"]}"#),
        Row("DELETE /roles/{name}", [401, 403, 403, 403, 403, 204, 204]),
    ]
}
