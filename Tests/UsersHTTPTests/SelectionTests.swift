import Ambient
import HTTP
import HTTPTypes
import JSON
import Testing
import Users
import UsersTesting

@Suite("Lists with filters, in either order")
struct SelectionTests {
    let api = TestAPI(caller: .administrator)
    private static let names = ["Émile", "Zoë", "李小明", "Ada_1", "adam"]

    /// Five users, a second apart from 20:46:00.123456 on; each has an external id.
    private func register() async throws -> [String] {
        try api.repository.addRole("editor")
        var ids: [String] = []
        for number in 0..<5 {
            let path = try await api.register(
                """
                {"email":"U\(number)+x@Bücher.example","display_name":"\(Self.names[number])",\
                "external_id":"crm/\(number) &Ω",\
                "status":"\(number == 1 ? "disabled" : "active")",\
                "roles":["\(number == 2 ? "editor" : "member")"]}
                """)
            ids.append(String(path.dropFirst("/users/".count)))
        }
        return ids
    }

    @Test(
        arguments: [
            ("", [4, 3, 2, 1, 0]), ("sort=-created_at", [4, 3, 2, 1, 0]),
            ("sort=created_at", [0, 1, 2, 3, 4]),
            ("created_after=2026-11-22T20:46:02.123456Z", [4, 3]),
            ("created_before=2026-11-22T20:46:02.123456Z", [1, 0]),
            (
                "created_after=2026-11-22T21:46:00.2%2B01:00&created_before=2026-11-22T20:46:03Z",
                [2, 1]
            ),
            ("created_after=2026-11-22T20:46:03Z&created_before=2026-11-22T20:46:01Z", []),
            ("created_after=0000-01-01T00:00:00Z&sort=created_at&limit=2", [0, 1]),
            ("email=u3%2Bx@b%C3%BCcher.EXAMPLE", [3]), ("email=u3%2Bx@xn--bcher-kva.example", [3]),
            ("email=u3@b%C3%BCcher.example", []), ("external_id=crm/2%20%26%CE%A9", [2]),
            ("external_id=CRM/2%20%26%CE%A9", []),
            ("external_id=crm/2%20%26%CE%A9&email=u3%2Bx@b%C3%BCcher.example", []),
            ("external_id=crm/2%20%26%CE%A9&created_before=2026-11-22T20:46:01Z", []),
            ("sort=email", [0, 1, 2, 3, 4]), ("sort=display_name", [3, 4, 0, 1, 2]),
            ("status=disabled", [1]), ("status=active&sort=created_at", [0, 2, 3, 4]),
            ("role=editor", [2]), ("role=member", [4, 3, 1, 0]), ("role=admin", []),
            ("role=member&status=disabled", [1]),
            ("q=ADA", [4, 3]), ("q=emile", [0]), ("q=EMILE%CC%81", [0]), ("q=ada_", [3]),
            ("q=ad%25", []), ("q=u2%2BX@bucher", [2]), ("q=%E6%9D%8E", [2]),
            ("q=%E6%98%8E", []), ("q=%20ada%20&sort=display_name&limit=1", [3]),
            ("q=.example&sort=display_name", [3, 4, 0, 1, 2]), ("q=%5C%5C%5C", []),
            ("q=%27%3B--", []), ("include_deleted=false", [4, 3, 2, 1, 0]),
        ] as [(String, [Int])])
    func `those who meet every condition are listed`(
        _ query: String, _ expected: [Int]
    ) async throws {
        let ids = try await register()
        let answer = try await api.send("GET /users?\(query)")
        #expect(answer.status == 200)
        #expect(try answer.ids == expected.map { ids[$0] })
    }

    @Test func `ids are found in the order of the list, those of nobody not`() async throws {
        let ids = try await register()
        let nobody = "0190b6c5-5b1e-7cc3-a1f2-3d4e5f60718a"
        let asked = [ids[1], nobody, ids[3].uppercased(), ids[1]].joined(separator: ",")
        #expect(try await api.send("GET /users?ids=\(asked)").ids == [ids[3], ids[1]])
        let oldest = try await api.send("GET /users?sort=created_at&ids=\(asked)")
        #expect(try oldest.ids == [ids[1], ids[3]])
        #expect(try await api.send("GET /users?ids=\(nobody)").ids == [])
    }

    @Test(arguments: [
        "sort=created_at", "created_after=2026-11-22T20:46:00Z",
        "sort=created_at&created_before=2027-01-01T00:00:00.5Z", "sort=email",
        "sort=display_name", "q=.example&sort=display_name&include_deleted=true&total=exact",
    ])
    func `the link leads on in the same list`(_ query: String) async throws {
        _ = try await register()
        let all = try await api.send("GET /users?\(query)").ids
        var listed: [String] = []
        var target: String? = "/users?limit=2&\(query)"
        while let line = target {
            let answer = try await api.send("GET \(line)")
            listed += try answer.ids
            let link = answer[.link]
            target = link.map { String($0.dropFirst().prefix { $0 != ">" }) }
            #expect(try (link == nil) == (answer.member("next_cursor") == .null))
        }
        #expect(listed == all && all.count == 5)
    }

    @Test func `the link repeats every filter`() async throws {
        let ids = try await register()
        let answer = try await api.send(
            "GET /users?sort=created_at&limit=1&ids=\(ids.joined(separator: ","))"
                + "&created_before=2027-01-01T00:00:00Z")
        let link = try #require(answer[.link])
        let list = ids.joined(separator: "%2C")
        #expect(
            link.hasPrefix(
                "</users?limit=1&sort=created_at&created_before=2027-01-01T00%3A00%3A00.000000Z"
                    + "&ids=\(list)&cursor="))
        let next = try await api.send("GET \(link.dropFirst().prefix { $0 != ">" })")
        #expect(try next.ids == [ids[1]])
    }

    @Test(arguments: [
        ("sort=created_at", ""), ("", "sort=created_at"),
        ("created_after=2026-01-01T00:00:00Z", ""),
        ("created_after=2026-01-01T00:00:00Z", "created_before=2027-01-01T00:00:00Z"),
        ("", "email=u1@b%C3%BCcher.example"), ("", "status=active"), ("q=exam", "q=example"),
        ("role=member", "role=editor"), ("", "include_deleted=true"), ("sort=email", ""),
    ])
    func `a cursor of another list is refused`(_ first: String, _ second: String) async throws {
        _ = try await register()
        let cursor = try await api.send("GET /users?limit=2&\(first)").string("next_cursor")
        let answer = try await api.send("GET /users?limit=2&\(second)&cursor=\(cursor)")
        #expect(answer.status == 400)
        #expect(try answer.problem == "cursor_mismatch")
        #expect(try await api.send("GET /users?limit=1&\(first)&cursor=\(cursor)").status == 200)
    }

    @Test func `the same moment may be spelled otherwise with a cursor`() async throws {
        _ = try await register()
        let cursor = try await api.send(
            "GET /users?limit=2&created_after=2026-01-01T00:00:00Z"
        ).string("next_cursor")
        let answer = try await api.send(
            "GET /users?created_after=2026-01-01T01:00:00.000%2B01:00&cursor=\(cursor)")
        #expect(answer.status == 200)
    }

    @Test(arguments: [
        ("sort=", "invalid_sort"), ("sort=-email", "invalid_sort"), ("status=", "invalid_filter"),
        ("status=Active", "invalid_filter"), ("role=", "invalid_filter"),
        ("role=Admin", "invalid_filter"), ("q=", "invalid_filter"), ("q=ab", "invalid_filter"),
        ("q=a%0Ab%0A", "invalid_filter"), ("q=%E2%80%AEabc", "invalid_filter"),
        ("total=", "invalid_filter"), ("total=all", "invalid_filter"),
        ("include_deleted=1", "invalid_flag"), ("include_deleted=", "invalid_flag"),
        ("sort=-Created_at", "invalid_sort"), ("created_after=", "invalid_filter"),
        ("created_after=2026-11-22", "invalid_filter"),
        ("created_before=2026-02-30T00:00:00Z", "invalid_filter"),
        ("created_before=2026-11-22T20:46:00.1234567Z", "invalid_filter"),
        ("created_before=1e9", "invalid_filter"),
        // Year 10000 in UTC, and the year before 0000.
        ("created_before=9999-12-31T23:59:59-00:01", "invalid_filter"),
        ("created_after=0000-01-01T00:00:00%2B00:01", "invalid_filter"),
        ("email=", "invalid_filter"),
        ("email=ada", "invalid_filter"), ("email=%25@a.example%27--", "invalid_filter"),
        ("external_id=", "invalid_filter"), ("external_id=%01", "invalid_filter"),
        ("ids=", "invalid_filter"), ("ids=x", "invalid_filter"), ("ids=,", "invalid_filter"),
        ("ids=0190b6c5-5b1e-7cc3-a1f2-3d4e5f60718a,", "invalid_filter"),
        ("ids=a&ids=b", "malformed_query"), ("email=a@b.c&email=a@b.c", "malformed_query"),
    ])
    func `a value that cannot be is refused by name`(_ query: String, _ code: String) async throws {
        let answer = try await api.send("GET /users?\(query)")
        #expect(answer.status == 400)
        #expect(try answer.problem == code)
        #expect(
            try code != "invalid_filter"
                || answer.string("detail").hasPrefix(
                    String(query.prefix { $0 != "=" }))
        )
    }

    @Test func `deleted users are listed to who may see them`() async throws {
        let ids = try await register()
        #expect(try await api.send("DELETE /users/\(ids[3])").status == 204)
        #expect(try await api.send("GET /users?q=ada").ids == [ids[4]])
        let all = try await api.send("GET /users?q=ada&include_deleted=true")
        #expect(try all.ids == [ids[4], ids[3]])
        let stranger = TestAPI(caller: .authenticated(.administrator, [.usersWrite]))
        let refusal = try await stranger.send("GET /users?include_deleted=true")
        #expect(refusal.status == 403)
        #expect(try refusal.problem == "forbidden")
    }

    @Test(arguments: [
        ("", JSONValue.null), ("total=none", .null), ("total=exact", .integer(5)),
        ("total=exact&q=ada&limit=1", .integer(2)), ("total=estimate", .integer(1_000)),
    ])
    func `the total is told as it is asked for`(_ query: String, _ total: JSONValue) async throws {
        _ = try await register()
        #expect(try await api.send("GET /users?\(query)").member("total") == total)
    }

    @Test func `the total is not part of what a cursor belongs to`() async throws {
        _ = try await register()
        let first = try await api.send("GET /users?limit=2&total=exact")
        let link = try #require(first[.link])
        #expect(link.contains("&total=exact&"))
        let cursor = try first.string("next_cursor")
        let second = try await api.send("GET /users?limit=2&cursor=\(cursor)")
        #expect(try second.member("total") == .null)
        #expect(try second.ids.count == 2)
    }

    @Test func `at most a hundred ids are asked for at a time`() async throws {
        let id = "0190b6c5-5b1e-7cc3-a1f2-3d4e5f60718a"
        for (count, status) in [(100, 200), (101, 400)] {
            let ids = Array(repeating: id, count: count).joined(separator: ",")
            #expect(try await api.send("GET /users?ids=\(ids)").status == status)
        }
    }
}
