import Postgres
import PostgresTesting
import Testing
import Users
import UsersTesting

@testable import UsersPostgres

/// Pages as the server plans them for their values, in a table of 20,000 users: every tenth is
/// disabled, every fiftieth deleted, and ten are editors.
@Suite("Plans of searches", .serialized)
struct SearchPlanTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// One of these is used; any if there are none.
        let indexes: [String]
        let condition: @Sendable (inout UserSelection) -> Void
    }

    static let cases = [
        Case(testDescription: "by address", indexes: ["users_email_key_id_live"]) {
            $0.order = .email
        },
        Case(testDescription: "by name", indexes: ["users_search_text_id_live"]) {
            $0.order = .displayName
        },
        Case(testDescription: "with deleted ones", indexes: ["users_created_at_id_deleted"]) {
            $0.includesDeleted = true
        },
        Case(
            testDescription: "with deleted ones, by address",
            indexes: ["users_email_key_id_deleted"]
        ) {
            $0.includesDeleted = true
            $0.order = .email
        },
        Case(
            testDescription: "with deleted ones, by name", indexes: ["users_search_text_id_deleted"]
        ) {
            $0.includesDeleted = true
            $0.order = .displayName
        },
        Case(testDescription: "active ones", indexes: ["users_created_at_id_live"]) {
            $0.status = .active
        },
        Case(testDescription: "disabled ones", indexes: ["users_created_at_id_disabled"]) {
            $0.status = .disabled
        },
        Case(
            testDescription: "disabled ones, by address", indexes: ["users_email_key_id_disabled"]
        ) {
            $0.status = .disabled
            $0.order = .email
        },
        Case(
            testDescription: "disabled ones, by name", indexes: ["users_search_text_id_disabled"]
        ) {
            $0.status = .disabled
            $0.order = .displayName
        },
        Case(testDescription: "the role of everybody", indexes: ["users_created_at_id_live"]) {
            $0.role = .member
        },
        Case(testDescription: "a role of few", indexes: ["users_roles"]) {
            $0.role = RoleName(trusted: "editor")
        },
        Case(testDescription: "a role of few, by name", indexes: ["users_roles"]) {
            $0.role = RoleName(trusted: "editor")
            $0.order = .displayName
        },
        Case(testDescription: "a term of nearly all", indexes: ["users_created_at_id_live"]) {
            $0.term = term("a.example")
        },
        Case(testDescription: "a rare term", indexes: ["users_search_text_trigrams"]) {
            $0.term = term("12345")
        },
        Case(testDescription: "a rare term, by address", indexes: ["users_search_text_trigrams"]) {
            $0.term = term("12345")
            $0.order = .email
        },
        // It has no trigrams, so whatever is read, all of it is; for as long as it may be.
        Case(testDescription: "a term without letters", indexes: []) { $0.term = term("%_%") },
        Case(
            testDescription: "a beginning",
            indexes: ["users_search_text_id_live", "users_search_text_trigrams"]
        ) { $0.term = term("李") },
        Case(
            testDescription: "a short time, by name",
            indexes: ["users_created_at_id_live"]
        ) {
            $0.order = .displayName
            $0.createdAfter = Sample.time(after: -50 * 60_000_000)
        },
        Case(
            testDescription: "an address with deleted ones",
            indexes: ["users_email_key_id_deleted"]
        ) {
            $0.includesDeleted = true
            $0.email = EmailAddress(trusted: "7@a.example", key: "7@a.example")
        },
        Case(
            testDescription: "an external id with deleted ones",
            indexes: ["users_external_id_deleted"]
        ) {
            $0.includesDeleted = true
            $0.externalID = ExternalID(trusted: "7")
        },
        Case(testDescription: "ids with deleted ones", indexes: ["users_pkey"]) {
            $0.includesDeleted = true
            $0.ids = [Sample.id(1), Sample.id(2)]
        },
    ]

    private static func term(_ text: String) -> SearchTerm {
        do { return try SearchTerm(parsing: text) } catch { preconditionFailure("\(error)") }
    }

    /// What sessions of the service are told (Sources/App/DatabaseAddress.swift).
    private static let settings = [
        "enable_seqscan=off", "plan_cache_mode=force_generic_plan",
    ]

    private func insertUsers(into database: TestDatabase) throws {
        try database.addRoles(["editor"])
        let connection = try database.connect()
        try connection.execute(
            """
            INSERT INTO users (id, created_at, updated_at, version, email_verified, status,
                email, email_key, display_name, roles, metadata, admin_metadata, external_id,
                deleted_at, search_text)
            SELECT gen_random_uuid(), timestamptz '2026-11-22Z' - n * interval '1 minute',
                now(), 1, false, CASE WHEN n % 10 = 0 THEN 'disabled' ELSE 'active' END,
                n || '@a.example', n || '@a.example', 'A',
                CASE WHEN n % 2000 = 0 THEN '{editor,member}' ELSE '{member}'::text[] END,
                '{}', '{}', n, CASE WHEN n % 50 = 7 THEN now() END,
                CASE WHEN n % 4000 = 1 THEN '李' ELSE md5(n::text) END
                    || E'\\n' || n || '@a.example'
            FROM generate_series(1, 20000) AS n
            """)
        try connection.execute("VACUUM ANALYZE users")
    }

    /// How the server reads a page of 20.
    /// - Parameter remark: Makes the statement differ from the others, as it must.
    private func plan(
        of selection: UserSelection, after cursor: UserCursor?, in repository: TestRepository,
        remark: String
    ) async throws -> String {
        let page = repository.users.searches.page(of: selection)
        let parameters = try page.parameters(
            SearchStatements.Page(selection: selection, cursor: cursor, limit: 21))
        let explanation = Statement<Parameters, String>(
            "explain", .longRead(timeout: .seconds(60)), "EXPLAIN \(page.text.sql) -- \(remark)",
            columns: [.text],
            encode: { given, parameters throws(PostgresError) in parameters = given },
            decode: { row throws(PostgresError) in try row.text() })
        return try await repository.pool.rows(explanation, parameters).joined(separator: "\n")
    }

    @Test func `none reads the whole table, each the index of what leaves few`() async throws {
        try await withTestDatabase { database in
            try insertUsers(into: database)
            try await withRepository(on: database, settings: Self.settings) { repository in
                for given in Self.cases {
                    var selection = UserSelection.all
                    given.condition(&selection)
                    // The second page, too: a place must not change the way.
                    let page = try await repository.users.page(
                        of: selection, after: nil, limit: 20)
                    for (number, cursor) in [nil, page.next].enumerated() {
                        let plan = try await plan(
                            of: selection, after: cursor, in: repository,
                            remark: "\(given.testDescription), \(number)")
                        #expect(!plan.contains("Seq Scan"), "\(given)\n\(plan)")
                        #expect(
                            given.indexes.isEmpty || given.indexes.contains { plan.contains($0) },
                            "\(given)\n\(plan)")
                    }
                }
            }
        }
    }

    @Test func `a total is counted, or near it`() async throws {
        try await withTestDatabase { database in
            try insertUsers(into: database)
            try await withRepository(on: database) { repository in
                let users = repository.users
                #expect(try await users.count(of: .all, isExact: true) == 19_600)
                let estimate = try #require(await users.count(of: .all, isExact: false))
                #expect((18_000...21_000).contains(estimate))
                var selection = UserSelection.all
                selection.status = .disabled
                #expect(try await users.count(of: selection, isExact: true) == 2_000)
                let disabled = try #require(await users.count(of: selection, isExact: false))
                #expect((1_000...4_000).contains(disabled))
                selection.includesDeleted = true
                selection.status = nil
                #expect(try await users.count(of: selection, isExact: true) == 20_000)
            }
        }
    }
}
