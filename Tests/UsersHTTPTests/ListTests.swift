import Ambient
import HTTP
import HTTPTypes
import JSON
import Testing
import Tokens
import Users
import UsersTesting

@Suite("The list of users")
struct ListTests {
    let api = TestAPI()

    /// Registers users and returns their ids, the newest first.
    private func register(_ count: Int) async throws -> [String] {
        var ids: [String] = []
        for number in 0..<count {
            let path = try await api.register(
                #"{"email":"u\#(number)@a.example","display_name":"U\#(number)"}"#)
            ids.insert(String(path.dropFirst("/users/".count)), at: 0)
        }
        return ids
    }

    @Test func `nobody is an empty page`() async throws {
        let answer = try await api.send("GET /users")
        #expect(answer.status == 200)
        #expect(
            answer.text == #"{"items":[],"next_cursor":null,"has_more":false,"total":null}"#)
        #expect(answer[.contentType] == "application/json")
        #expect(answer[.cacheControl] == "private, no-cache")
        #expect(answer[.vary] == "Authorization, Accept-Encoding")
        #expect(answer[.link] == nil)
    }

    @Test func `an item is the user as it is read alone`() async throws {
        let path = try await api.register()
        let user = try await api.send("GET \(path)").text
        #expect(
            try await api.send("GET /users").text
                == #"{"items":[\#(user)],"next_cursor":null,"has_more":false,"total":null}"#)
    }

    @Test(arguments: [1, 2, 3, 6, 7, 8, 1_000])
    func `pages lead from one to the next, by cursor and by link`(_ limit: Int) async throws {
        let registered = try await register(7)
        var listed: [String] = []
        var line = "GET /users?limit=\(limit)"
        while true {
            let answer = try await api.send(line)
            let page = try answer.ids
            listed += page
            let hasMore = try answer.member("has_more") == .bool(true)
            #expect(hasMore == (listed.count < 7))
            #expect(page.count == (hasMore ? limit : page.count))
            guard hasMore else {
                #expect(try answer.member("next_cursor") == .null)
                #expect(answer[.link] == nil)
                break
            }
            let target = "/users?limit=\(limit)&cursor=\(try answer.string("next_cursor"))"
            #expect(answer[.link] == "<\(target)>; rel=\"next\"")
            line = "GET \(target)"
        }
        #expect(listed == registered)
    }

    @Test func `a page has 50 users unless another number is asked for`() async throws {
        let registered = try await register(51)
        let answer = try await api.send("GET /users")
        #expect(try answer.ids == Array(registered.prefix(50)))
        let cursor = try answer.string("next_cursor")
        let next = try await api.send("GET /users?cursor=\(cursor)")
        #expect(try next.ids == Array(registered.suffix(1)))
    }

    @Test(arguments: [
        ("1", true), ("50", true), ("1000", true), ("007", true), ("%31", true),
        ("0", false), ("1001", false), ("-1", false), ("+1", false), ("", false), ("1.0", false),
        ("1e2", false), ("ten", false), ("0x10", false), ("%201", false), ("1%20", false),
        ("%D9%A1", false), ("99999999999999999999", false), ("9223372036854775807", false),
    ])
    func `a limit is a number from 1 to 1000`(_ limit: String, _ isAllowed: Bool) async throws {
        let answer = try await api.send("GET /users?limit=\(limit)")
        #expect(answer.status == (isAllowed ? 200 : 400))
        guard !isAllowed else { return }
        #expect(try answer.problem == "invalid_limit")
        #expect(try answer.string("detail").contains("1000"))
    }

    @Test(arguments: [
        "", "x", "null", String(repeating: "0", count: 63), String(repeating: "0", count: 65),
        String(repeating: "g", count: 64), String(repeating: "A", count: 64),
        String(repeating: " ", count: 64).replacing(" ", with: "%20"),
        String(repeating: "%D9%A1", count: 32), "+" + String(repeating: "0", count: 63),
        // Texts that are sealed in the right way, by another key, or without a place.
        sealed(place(), by: SecretKey(Array(1..<33)).key(for: .cursors)),
        sealed(place(), by: testSecret.key(for: .contents)),
        sealed([]), sealed(place().prefix(7)), sealed(place().prefix(8)),
        sealed(place().dropLast()), sealed(place() + [0]),
        // What cursors looked like before they were sealed.
        "000660e4b1b2b3400190b6c55b1e7cc38000000000000001cbf29ce484222325",
    ])
    func `a cursor that no page gave is refused`(_ cursor: String) async throws {
        let answer = try await api.send("GET /users?cursor=\(cursor)")
        #expect(answer.status == 400)
        #expect(try answer.problem == "invalid_cursor")
    }

    @Test func `a cursor holds the place and which list it is of`() async throws {
        _ = try await register(2)
        let first = try await api.send("GET /users?limit=1")
        let id = try #require(UUID(parsing: first.ids[0]))
        let time = TestAPI<InMemoryRepository>.time.microsecondsSince1970 + 1_000_000
        let place = place(time, id.high, id.low)
        #expect(try first.string("next_cursor") == sealed(place))
    }

    @Test func `a cursor that was altered in length or letters is refused`() async throws {
        _ = try await register(2)
        let cursor = try await api.send("GET /users?limit=1").string("next_cursor")
        let altered = [
            cursor.uppercased(), cursor + "0", String(cursor.dropLast()), "0" + cursor,
            cursor + "%00", cursor + "%20", "\"\(cursor)\"".replacing("\"", with: "%22"),
        ]
        for text in altered where text != cursor {
            // The parser itself refuses %00.
            guard let answer = try? await api.send("GET /users?cursor=\(text)") else { continue }
            #expect(answer.status == 400)
            #expect(try answer.problem == "invalid_cursor")
        }
        #expect(try await api.send("GET /users?cursor=\(cursor)").status == 200)
    }

    @Test(arguments: [
        "Q=ada", "Limit=1", "offset=1", "page=2", "state=active", "=", "x", "limit=1&query=",
    ])
    func `an unknown parameter is refused, not ignored`(_ query: String) async throws {
        let answer = try await api.send("GET /users?\(query)")
        #expect(answer.status == 400)
        #expect(try answer.problem == "unknown_parameter")
    }

    @Test(arguments: ["limit=1&limit=2", "cursor=&cursor=", "limit=%FF", "%FF=1"])
    func `a malformed query is refused`(_ query: String) async throws {
        let answer = try await api.send("GET /users?\(query)")
        #expect(answer.status == 400)
        #expect(try answer.problem == "malformed_query")
    }

    @Test(arguments: ["", "&", "limit=5&", "&&limit=5"])
    func `a query of nothing is none`(_ query: String) async throws {
        #expect(try await api.send("GET /users?\(query)").status == 200)
    }
}

/// The octets that a cursor of the newest users seals: which list it is of, and its place.
private func place(_ microseconds: Int64 = 0, _ high: UInt64 = 0, _ low: UInt64 = 0) -> [UInt8] {
    // The hash of a list without parameters is FNV-1a's of no octets.
    [0xcbf2_9ce4_8422_2325, UInt64(bitPattern: microseconds), high, low].flatMap { word in
        (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
    }
}

/// What the service would make a cursor of, had a page these octets as its end.
private func sealed(
    _ octets: some Sequence<UInt8>, by key: AuthenticationKey = testSecret.key(for: .cursors)
) -> String {
    key.text(sealing: Array(octets))
}
