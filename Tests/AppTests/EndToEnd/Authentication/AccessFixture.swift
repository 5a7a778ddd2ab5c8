import HTTPTesting
import Postgres
import PostgresTesting
import Testing

@testable import App

/// Callers, and for each request somebody or something to whom it may be done.
struct AccessFixture: ~Copyable {
    private let client: RawHTTPClient
    private let connection: DirectConnection
    private let administrator: String
    private let tokens: [AccessMatrixTests.Column: String]

    /// Puts a role and a user in for each permission, and logs them in.
    static func make(
        _ application: TestApplication, _ database: TestDatabase
    ) async throws -> AccessFixture {
        let connection = try database.connect()
        var tokens: [AccessMatrixTests.Column: String] = [:]
        let permissions: [(AccessMatrixTests.Column, String)] = [
            (.reader, "users:read"), (.writer, "users:write"), (.keeper, "roles:write"),
        ]
        for (column, permission) in permissions {
            let user = TestUser()
            try connection.addRole("\(column)", permission)
            try connection.add(user, roles: ["\(column)"])
            tokens[column] = try await application.session(of: user).access
        }
        let stranger = try connection.add()
        tokens[.stranger] = try await application.session(of: stranger).access
        tokens[.writerOfAdministrator] = tokens[.writer]
        tokens[.keeperOfAdministrator] = tokens[.keeper]
        return AccessFixture(
            client: try application.connect(), connection: connection,
            administrator: try await application.authorization, tokens: tokens)
    }

    /// Sends a request of a row on somebody new and returns the status of its answer.
    func status(
        of row: AccessMatrixTests.Row, _ column: AccessMatrixTests.Column, isMe: Bool = false
    ) async throws -> Int {
        let target = try target(of: row, column)
        let caller = try await authorization(of: column, target)
        let id = isMe ? "me" : target.id
        let path = try row.route.replacing("{id}", with: id).replacing("{role}", with: row.role)
            .replacing("{code}", with: "forbidden").replacing("{name}", with: newRole(row))
            .replacing("{session_id}", with: newSession(of: target))
        let body = try await body(of: row, for: target)
        let request = requestText(path + row.query, body, fields: caller.map { [$0] } ?? [])
        return try await client.exchangePatiently(request).status
    }

    private func target(
        of row: AccessMatrixTests.Row, _ column: AccessMatrixTests.Column
    ) throws -> TestUser {
        let isAdministrator =
            switch column {
            case .writerOfAdministrator, .keeperOfAdministrator: true
            default: false
            }
        // Who is deleted cannot ask for anything.
        let isDeleted = row.route.hasSuffix("/restore") && column != .itself
        return try connection.add(
            roles: isAdministrator ? ["admin"] : ["member"], isDeleted: isDeleted)
    }

    /// The field line of the caller's token, if he has one.
    private func authorization(
        of column: AccessMatrixTests.Column, _ target: TestUser
    ) async throws -> String? {
        switch column {
        case .nobody: return nil
        case .administrator: return administrator
        case .itself: return bearer(try await session(of: target).access)
        case .stranger, .reader, .writer, .keeper, .writerOfAdministrator, .keeperOfAdministrator:
            let token = try #require(tokens[column])
            return bearer(token)
        }
    }

    private func session(of user: TestUser) async throws -> TestSession {
        try TestSession(
            try await client.exchangePatiently(
                loginText(user.email, TestAdministrator.password)))
    }

    private func body(
        of row: AccessMatrixTests.Row, for target: TestUser
    ) async throws -> String? {
        let password = TestAdministrator.password
        switch row.body {
        case nil: return nil
        case "{login}":
            let user = try connection.add()
            return #"{"email":"\#(user.email)","password":"\#(password)"}"#
        case "{refresh}":
            let session = try await session(of: try connection.add())
            return #"{"refresh_token":"\#(session.refresh)"}"#
        case "{user}":
            return #"{"email":"\#(TestUser().email)","display_name":"N","password":"\#(password)"}"#
        case "{profile}": return #"{"email":"\#(TestUser().email)","display_name":"N"}"#
        case "{user with roles}":
            return #"{"email":"\#(TestUser().email)","display_name":"N","roles":["reader"],"#
                + #""password":"\#(password)"}"#
        case let body?:
            return body.replacing("{password}", with: password)
                .replacing("{new}", with: "new-\(TestUser().id)")
        }
    }

    /// A role that allows what every keeper may do; only where the path names one.
    private func newRole(_ row: AccessMatrixTests.Row) throws -> String {
        guard row.route.contains("{name}") else { return "" }
        let name = "role-\(TestUser().id)"
        try connection.addRole(name, "roles:write")
        return name
    }

    /// A session of somebody, besides those that logins have begun.
    private func newSession(of user: TestUser) throws -> String {
        let id = TestUser().id
        _ = try connection.query(
            """
            INSERT INTO sessions (
                id, user_id, created_at, refreshed_at, expires_at, refresh_counter
            ) VALUES ($1, $2, now(), now(), now() + interval '1 day', 1)
            """, [id, user.id])
        return id
    }
}
