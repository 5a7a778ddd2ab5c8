import Ambient
import Postgres
import PostgresTesting
import Testing
import Users
import UsersTesting

@testable import UsersPostgres

@Suite("Selections of users")
struct SelectionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let condition: @Sendable (inout UserSelection) -> Void
    }

    static let cases = [
        Case(testDescription: "all") { _ in },
        Case(testDescription: "after a time") { $0.createdAfter = Sample.time(after: 1) },
        Case(testDescription: "before a time") { $0.createdBefore = Sample.time(after: 3) },
        Case(testDescription: "between times") {
            $0.createdAfter = Sample.time(after: 0)
            $0.createdBefore = Sample.time(after: 4)
        },
        Case(testDescription: "an address") { $0.email = email(3) },
        Case(testDescription: "an address of nobody") { $0.email = email(99) },
        Case(testDescription: "an address of one who is deleted") { $0.email = email(0) },
        Case(testDescription: "an external id") { $0.externalID = ExternalID(trusted: "x4") },
        Case(testDescription: "ids") { $0.ids = [0, 2, 5, 7, 99].map(Sample.id) },
        Case(testDescription: "no ids") { $0.ids = [] },
        Case(testDescription: "an address and its external id") {
            $0.email = email(3)
            $0.externalID = ExternalID(trusted: "x3")
        },
        Case(testDescription: "an address and another external id") {
            $0.email = email(3)
            $0.externalID = ExternalID(trusted: "x4")
        },
        Case(testDescription: "an address and ids") {
            $0.email = email(3)
            $0.ids = [Sample.id(3)]
        },
        Case(testDescription: "an external id and other ids") {
            $0.externalID = ExternalID(trusted: "x3")
            $0.ids = [Sample.id(4)]
        },
        Case(testDescription: "ids before a time") {
            $0.ids = (0...9).map(Sample.id)
            $0.createdBefore = Sample.time(after: 2)
        },
        Case(testDescription: "those who are active") { $0.status = .active },
        Case(testDescription: "those who are disabled") { $0.status = .disabled },
        Case(testDescription: "the role that everybody has") { $0.role = .member },
        Case(testDescription: "a role of few") { $0.role = RoleName(trusted: "editor") },
        Case(testDescription: "a role of nobody") { $0.role = RoleName(trusted: "nobody") },
        Case(testDescription: "disabled ones of a role, between times") {
            $0.status = .disabled
            $0.role = RoleName(trusted: "editor")
            $0.createdAfter = Sample.time(after: 0)
            $0.createdBefore = Sample.time(after: 4)
        },
        Case(testDescription: "a part of a name") { $0.term = term("gstr") },
        Case(testDescription: "other case and accents") { $0.term = term("ÖLOVÅS") },
        Case(testDescription: "a part of an address") { $0.term = term("@EXAMPLE") },
        Case(testDescription: "across a name and an address") { $0.term = term("m user") },
        Case(testDescription: "a percent sign") { $0.term = term("100%") },
        Case(testDescription: "an underscore") { $0.term = term("r_o_") },
        Case(testDescription: "a backslash") { $0.term = term(#"a\b"#) },
        Case(testDescription: "the beginning of a name in Han") { $0.term = term("李") },
        Case(testDescription: "a later Han of a name") { $0.term = term("明") },
        Case(testDescription: "a term, an address and a status") {
            $0.term = term("user.3")
            $0.email = email(3)
            $0.status = .active
        },
    ]

    private static func email(_ number: Int) -> EmailAddress {
        EmailAddress(trusted: "USER.\(number)@example.com", key: "user.\(number)@example.com")
    }

    private static func term(_ text: String) -> SearchTerm {
        do { return try SearchTerm(parsing: text) } catch { preconditionFailure("\(error)") }
    }

    private static let names = [
        "Ångström", "ångström", "Solovås", "100% Ada", "r_o_t", "rxoxt", #"a\b"#, "李小明", "明李",
        "ada",
    ]

    /// Ten users of five times of creation, the first of whom is deleted.
    private func insertUsers(into repository: TestRepository) async throws -> [User] {
        var users: [User] = []
        for number in 0..<10 {
            var user = try Sample.bareUser(
                number, externalID: "x\(number)", createdAt: Sample.time(after: Int64(number % 5)))
            user.displayName = DisplayName(trusted: Self.names[number])
            user.status = number.isMultiple(of: 3) ? .disabled : .active
            let roles = number.isMultiple(of: 4) ? ["editor", "member"] : ["member"]
            user.roles = RoleSet(trusted: roles.map(RoleName.init(trusted:)))
            users.append(try await repository.users.insert(user, passwordHash: nil))
        }
        _ = try await repository.users.markDeleted(
            users[0].id, expecting: nil, at: Sample.time(after: 9))
        users[0] = try #require(await repository.users.userOrDeleted(withID: users[0].id))
        return users
    }

    @Test(arguments: UserSelection.Order.allCases, [false, true])
    func `pages have those who meet every condition, once and in order`(
        order: UserSelection.Order, includesDeleted: Bool
    ) async throws {
        try await withRepository { repository in
            let users = try await insertUsers(into: repository).sorted {
                order.places(order.cursor(of: $0), before: order.cursor(of: $1))
            }
            for given in Self.cases {
                var selection = UserSelection.all
                selection.order = order
                selection.includesDeleted = includesDeleted
                given.condition(&selection)
                let expected = users.filter(selection.contains)
                for limit in [2, 20] as [PageLimit] {
                    var listed: [User] = []
                    var cursor: UserCursor?
                    repeat {
                        let page = try await repository.users.page(
                            of: selection, after: cursor, limit: limit)
                        listed += page.items
                        cursor = page.next
                    } while cursor != nil
                    #expect(listed == expected, "\(given.testDescription), by \(limit)")
                }
                let count = try await repository.users.count(of: selection, isExact: true)
                #expect(count == Int64(expected.count), "\(given.testDescription)")
                let estimate = try await repository.users.count(of: selection, isExact: false)
                #expect(estimate != nil, "\(given.testDescription)")
            }
        }
    }

    /// Each statement as the server keeps it, on tables of different sizes.
    @Test(arguments: [5_000, 20_000])
    func `each is found by its own index, and entered where it begins`(count: Int) async throws {
        try await withTestDatabase { database in
            let connection = try database.connect()
            try connection.execute(
                """
                INSERT INTO users (id, created_at, updated_at, version, email_verified, status,
                    email, email_key, display_name, roles, metadata, admin_metadata, external_id)
                SELECT gen_random_uuid(), timestamptz '2026-01-01Z' - n * interval '1 minute',
                    now(), 1, false, 'active', n || '@a.example', n || '@a.example', 'A', '{}',
                    '{}', '{}', n
                FROM generate_series(1, \(count)) AS n
                """)
            try connection.execute("VACUUM ANALYZE users")
            try connection.execute("SET plan_cache_mode = force_generic_plan")
            #expect(PostgresUserRepository.pageTexts.count == 8)
            for (number, text) in PostgresUserRepository.pageTexts.enumerated() {
                try connection.execute(
                    """
                    PREPARE page\(number)
                        (bigint, timestamptz, timestamptz, uuid, text, text, uuid[]) AS \(text)
                    """)
                // The list ends where the table does, and begins in its last tenth.
                let isNewestFirst = text.contains("DESC")
                let start =
                    "timestamptz '2026-01-01Z' - \(isNewestFirst ? count * 9 / 10 : count / 10)"
                let plan = try connection.query(
                    """
                    EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF)
                    EXECUTE page\(number) (21, NULL, \(start) * interval '1 minute', NULL, 'a', 'b',
                        '{019ac3f2-7b00-7000-8000-000000000000}')
                    """
                ).compactMap { $0[0] }.joined(separator: "\n")
                let index =
                    text.contains("email_key = $5")
                    ? "users_email_key_live"
                    : text.contains("external_id = $6")
                        ? "users_external_id_live"
                        : text.contains("ANY($7)") ? "users_pkey" : "users_created_at_id_live"
                #expect(plan.contains(index), "\(text)\n\(plan)")
                #expect(!plan.contains("Seq Scan"), "\(plan)")
                #expect(index != "users_created_at_id_live" || !plan.contains("Sort"), "\(plan)")
                let pages = plan.matches(of: /shared hit=(\d+)/).first.flatMap { Int($0.1) } ?? 0
                #expect(pages <= 40, "\(plan)")
            }
        }
    }
}
