import Ambient
import JSON
import Testing
import Users
import UsersPostgres
import UsersTesting

@Suite("Keeping new users")
struct InsertionTests {
    @Test func `a user of NULLs comes back as it went`() async throws {
        let user = try Sample.bareUser()
        try await withRepository { repository in
            let stored = try await repository.users.insert(user, passwordHash: nil)
            #expect(stored == user)
            #expect(try await repository.users.user(withID: user.id) == user)
        }
    }

    @Test func `a user in whom everything is set comes back as it went`() async throws {
        let user = try Sample.fullUser()
        try await withRepository { repository in
            let stored = try await repository.users.insert(user, passwordHash: "$argon2id$x")
            #expect(stored == user)
            #expect(try await repository.users.user(withID: user.id) == user)
        }
    }

    @Test func `every member stands in its own column`() async throws {
        let user = try Sample.fullUser()
        try await withRepository { repository in
            _ = try await repository.users.insert(user, passwordHash: "$argon2id$x")
            let row = try repository.row(
                """
                SELECT id, external_id, email, email_key, email_verified, display_name, locale,
                    time_zone, status, roles, metadata, admin_metadata, password_hash,
                    extract(epoch FROM created_at), extract(epoch FROM updated_at),
                    extract(epoch FROM password_changed_at), deleted_at, version
                FROM users
                """)
            #expect(
                row == [
                    "0190b6c5-5b1e-7cc3-8000-000000000002", "crm:2/Ω", "Zoë.2+x@Bücher.Example",
                    "zoë.2+x@xn--bcher-kva.example", "t", "Zoë Ångström 🦊 العربية",
                    "sr-Latn-RS", "Europe/London", "disabled", "{admin,member,x-1_2}",
                    #"{"a": [1, 2.5, true, null, "\"ü🦊"], "b": {}}"#, #"{"note": "only us"}"#,
                    "$argon2id$x", "1795380360.123456", "1795380360.123457",
                    "1795380360.123458", nil, "41",
                ])
        }
    }

    struct Extreme: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout User) throws -> Void
    }

    @Test(arguments: [
        Extreme(testDescription: "a name of 100 code points of 4 octets") {
            $0.displayName = try DisplayName(parsing: String(repeating: "🦊", count: 100))
        },
        Extreme(testDescription: "an external id of 255 code points of 4 octets") {
            $0.externalID = try ExternalID(parsing: String(repeating: "𝔸", count: 255))
        },
        Extreme(testDescription: "an external id that looks like SQL") {
            $0.externalID = try ExternalID(parsing: #"'); DROP TABLE users; -- \ "%_$1"#)
        },
        Extreme(testDescription: "an address of 254 octets") {
            let labels = Array(repeating: String(repeating: "b", count: 46), count: 4)
            let domain = labels.joined(separator: ".") + ".a"
            $0.email = try EmailAddress(parsing: String(repeating: "a", count: 64) + "@" + domain)
        },
        Extreme(testDescription: "an address whose key is three times as long") {
            $0.email = try EmailAddress(parsing: String(repeating: "ΐ", count: 32) + "@a.example")
        },
        Extreme(testDescription: "16 roles of 63 octets") {
            let names = (0..<16).map { number in
                "r" + String(repeating: "x", count: 61) + String(number, radix: 16)
            }
            $0.roles = try RoleSet(names.map(RoleName.init(parsing:)))
        },
        Extreme(testDescription: "the largest version") { $0.version = .max },
        Extreme(testDescription: "a time in 1970") {
            $0.updatedAt = Timestamp(microsecondsSince1970: 1)
        },
        Extreme(testDescription: "a time in 9999") {
            $0.passwordChangedAt = Timestamp(rfc3339: "9999-12-31T23:59:59.999999Z")
        },
    ])
    func `what the domain allows fits into its column`(_ extreme: Extreme) async throws {
        var user = try Sample.bareUser()
        try extreme.change(&user)
        let roles = user.roles.names.map(\.rawValue)
        try await withRepository { repository in
            try repository.database.addRoles(roles)
            let stored = try await repository.users.insert(user, passwordHash: nil)
            #expect(stored == user)
        }
    }

    static let largestMetadata: [(String, String)] = [
        ("numbers of a digit", largest(of: "1")), ("lists of a digit", largest(of: "[1]")),
        ("empty texts", largest(of: #""""#)), ("empty objects", largest(of: "{}")),
        ("fractions", largest(of: "0.1")), ("one text", #"{"a":""# + spaces(16_376) + #""}"#),
        ("one name", #"{""# + spaces(16_378) + #"":1}"#),
    ]

    @Test(arguments: largestMetadata)
    func `metadata of the largest size is kept`(_ name: String, _ text: String) async throws {
        #expect(text.utf8.count > Metadata.octetCountMax - 8)
        let value = try JSONParser.parse(Array(text.utf8).span)
        var user = try Sample.bareUser()
        user.metadata = try Metadata(parsing: value)
        user.adminMetadata = user.metadata
        try await withRepository { repository in
            let stored = try await repository.users.insert(user, passwordHash: nil)
            #expect(try JSONParser.parse(stored.metadata.text.span) == value)
            #expect(try JSONParser.parse(stored.adminMetadata.text.span) == value)
        }
    }

    @Test(arguments: [
        "0", "-1", "9223372036854775807", "-9223372036854775808", "0.1", "-0.0", "1e300",
        "1.7976931348623157e308", "5e-324", "123456789.123456789", "1.0", "1e2",
    ])
    func `a number in metadata is the same number afterwards`(_ number: String) async throws {
        let text = Array(#"{"n":\#(number)}"#.utf8)
        let value = try JSONParser.parse(text.span)
        var user = try Sample.bareUser()
        user.metadata = try Metadata(parsing: value)
        try await withRepository { repository in
            let stored = try await repository.users.insert(user, passwordHash: nil)
            #expect(try JSONParser.parse(stored.metadata.text.span) == value)
        }
    }

    /// An object with a list of as many `element`s as metadata may have.
    private static func largest(of element: String) -> String {
        let count = (Metadata.octetCountMax - 8) / (element.utf8.count + 1)
        return #"{"a":["# + Array(repeating: element, count: count).joined(separator: ",") + "]}"
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
}
