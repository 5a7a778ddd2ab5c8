import Ambient
import HTTP
import HTTPTypes
import JSON
import Testing
import Users
import UsersTesting

@Suite("Lists with filters, in either order")
struct SelectionTests {
    let api = TestAPI(caller: administrator)

    /// Five users, a second apart from 20:46:00.123456 on; each has an external id.
    private func register() async throws -> [String] {
        var ids: [String] = []
        for number in 0..<5 {
            let path = try await api.register(
                """
                {"email":"U\(number)+x@Bücher.example","display_name":"U",\
                "external_id":"crm/\(number) &Ω"}
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
        "sort=created_at&created_before=2027-01-01T00:00:00.5Z",
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
        ("", "email=u1@b%C3%BCcher.example"),
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
        ("sort=", "invalid_sort"), ("sort=email", "invalid_sort"),
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

    @Test func `at most a hundred ids are asked for at a time`() async throws {
        let id = "0190b6c5-5b1e-7cc3-a1f2-3d4e5f60718a"
        for (count, status) in [(100, 200), (101, 400)] {
            let ids = Array(repeating: id, count: count).joined(separator: ",")
            #expect(try await api.send("GET /users?ids=\(ids)").status == status)
        }
    }
}
