import Testing
import UsersTesting

@Suite("Members that are not as they must be")
struct MemberFaultTests {
    /// A member's value in JSON, and the fault that it is.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let member: String
        let json: String
        let faults: [String]

        init(_ member: String, _ json: String, _ codes: String..., at pointer: String? = nil) {
            testDescription = "\(member): \(json.prefix(40))"
            self.member = member
            self.json = json
            faults = codes.map { "\(pointer ?? "/" + member) \($0)" }
        }
    }

    static let texts = ["email", "display_name", "external_id", "locale", "time_zone", "status"]
    static let clearableTexts: Set = ["external_id", "locale", "time_zone"]

    static let wrongTypes: [Case] =
        (texts + ["password"]).flatMap { member in
            ["1", "-0.5", "true", "[]", "{}", #"["a"]"#].map { Case(member, $0, "wrong_type") }
        }
        + texts.filter { !clearableTexts.contains($0) }.map { Case($0, "null", "wrong_type") }
        + ["metadata", "admin_metadata"].flatMap { member in
            ["null", "[]", "1", #""{}""#, "false"].map { Case(member, $0, "wrong_type") }
        }
        + ["null", "{}", "1", #""member""#].map { Case("roles", $0, "wrong_type") }
        + [
            Case("roles", "[1]", "wrong_type", at: "/roles/0"),
            Case("roles", #"["a",null]"#, "wrong_type", at: "/roles/1"),
        ]

    static func text(_ count: Int, of character: String = "a") -> String {
        #"""# + String(repeating: character, count: count) + #"""#
    }

    static let values: [Case] = [
        Case("email", #""""#, "invalid_email"),
        Case("email", #""ada""#, "invalid_email"),
        Case("email", #""ada@localhost""#, "invalid_email"),
        Case("email", #""ada@@a.example""#, "invalid_email"),
        Case("email", #""ada@1.2.3.4""#, "invalid_email"),
        Case("email", #""a b@a.example""#, "invalid_email"),
        Case("email", #""\u0000ada@a.example""#, "invalid_email"),
        Case("email", #""ada\u0007@a.example""#, "invalid_email"),
        Case("email", #""ada@a.example\r\nBcc: x""#, "invalid_email"),
        Case("email", #""\u202eada@a.example""#, "invalid_email"),
        Case("email", text(65).dropLast() + #"@a.example""#, "too_long"),
        Case("email", text(300).dropLast() + #"@a.example""#, "too_long"),
        Case("display_name", #""""#, "too_short"),
        Case("display_name", #"" \t\u3000 ""#, "too_short"),
        Case("display_name", text(101), "too_long"),
        Case("display_name", text(5_000, of: "🦊"), "too_long"),
        Case("display_name", #""a\u0000b""#, "invalid_display_name"),
        Case("display_name", #""a\nb""#, "invalid_display_name"),
        Case("display_name", #""a\u007fb""#, "invalid_display_name"),
        Case("display_name", #""a\u202eb""#, "invalid_display_name"),
        Case("display_name", #""a\u2066b""#, "invalid_display_name"),
        Case("display_name", #""\u200b""#, "invalid_display_name"),
        Case("external_id", #""""#, "too_short"),
        Case("external_id", text(256), "too_long"),
        Case("external_id", #""a\u0000""#, "invalid_external_id"),
        Case("external_id", #""a\u0085""#, "invalid_external_id"),
        Case("locale", #""""#, "invalid_locale"),
        Case("locale", #""en_GB""#, "invalid_locale"),
        Case("locale", #""en\u0000""#, "invalid_locale"),
        Case("locale", text(1_000), "too_long"),
        Case("time_zone", #""""#, "invalid_time_zone"),
        Case("time_zone", #""Europe/Atlantis""#, "invalid_time_zone"),
        Case("time_zone", #""europe/london""#, "invalid_time_zone"),
        Case("time_zone", #""../../etc/passwd""#, "invalid_time_zone"),
        Case("time_zone", #""Europe/London\u0000""#, "invalid_time_zone"),
        Case("status", #""""#, "invalid_status"),
        Case("status", #""deleted""#, "invalid_status"),
        Case("status", #""Active""#, "invalid_status"),
        Case("roles", #"[""]"#, "invalid_role", at: "/roles/0"),
        Case("roles", #"["a","Admin"]"#, "invalid_role", at: "/roles/1"),
        Case("roles", #"["a\u0000"]"#, "invalid_role", at: "/roles/0"),
        Case(
            "roles", "[" + (0..<17).map { "\"r\($0)\"" }.joined(separator: ",") + "]",
            "too_many_roles"),
        // Each of them would be a fault, and an answer many times as long as the request.
        Case("roles", "[" + String(repeating: "0,", count: 64) + "0]", "too_many_roles"),
        Case("metadata", #"{"a":"\u0000"}"#, "invalid_metadata"),
        Case("metadata", #"{"\u0000":1}"#, "invalid_metadata"),
        Case("metadata", #"{"a":[{"b":"x\u0000"}]}"#, "invalid_metadata"),
        Case("metadata", #"{"a":"# + text(16_384) + "}", "too_large"),
    ]

    static let ofNewUsers: [Case] = [
        Case("admin_metadata", #"{"a":"\u0000"}"#, "invalid_metadata"),
        Case("admin_metadata", #"{"a":"# + text(16_384) + "}", "too_large"),
        Case("id", "1", "wrong_type"), Case("id", #""x""#, "invalid_id"),
        Case("id", #""0190b6c5""#, "invalid_id"),
        Case("password", "null", "wrong_type"), Case("password", #""""#, "too_short"),
        Case("password", #""fourteen chars""#, "too_short"),
        Case("password", text(257), "too_long"), Case("password", text(100_000), "too_long"),
        Case("password", text(20), "password_predictable"),
        Case("password", #""ManchesterUnited""#, "password_common"),
        Case("password", #""i am ada.lovelace ok""#, "password_contains_email"),
        Case("password", #""Ada Byron is my name""#, "password_contains_name"),
        Case("email_verified", "true", "read_only"), Case("email_verified", "null", "read_only"),
        Case("created_at", #""2026-11-22T20:46:00Z""#, "read_only"),
        Case("updated_at", "1", "read_only"), Case("password_changed_at", "null", "read_only"),
        Case("deleted_at", "null", "read_only"), Case("version", "1", "read_only"),
    ]

    /// The members of a good user, with one of them replaced or added.
    private func body(_ given: Case) -> String {
        var members = [("email", #""ada.lovelace@a.example""#), ("display_name", #""Ada Byron""#)]
        members.removeAll { $0.0 == given.member }
        members.append((given.member, given.json))
        return "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }

    @Test(arguments: wrongTypes + values + ofNewUsers)
    func `a new user with one is refused`(_ given: Case) async throws {
        let api = TestAPI()
        let answer = try await api.send("POST /users", body(given))
        #expect(answer.status == 422)
        #expect(try answer.problem == "validation_failed")
        #expect(try answer.faults == given.faults)
        #expect(api.repository.inspect { $0.users.isEmpty })
    }

    @Test(
        arguments: wrongTypes.filter { $0.member != "password" } + values + [
            Case("password", #""seven quiet otters swim north""#, "read_only"),
            Case("password", "null", "read_only"),
        ])
    func `a change with one is refused`(_ given: Case) async throws {
        let api = TestAPI()
        let path = try await api.register()
        let before = try await api.send("GET \(path)").text
        let answer = try await api.send(
            "PATCH \(path)", #"{"\#(given.member)":\#(given.json)}"#)
        #expect(answer.status == 422)
        #expect(try answer.problem == "validation_failed")
        #expect(try answer.faults == given.faults)
        #expect(try await api.send("GET \(path)").text == before)
    }

    @Test(arguments: [
        ("{}", ["/email required", "/display_name required"]),
        (#"{"email":"a@b.example"}"#, ["/display_name required"]),
        (#"{"Email":"a@b.example","display_name":"A"}"#, ["/email required"]),
        ("[]", [" wrong_type"]), ("null", [" wrong_type"]), (#""x""#, [" wrong_type"]),
        ("1", [" wrong_type"]), ("true", [" wrong_type"]),
        (#"[{"email":"a@b.example","display_name":"A"}]"#, [" wrong_type"]),
    ])
    func `what is missing in a new user is told`(
        _ json: String, _ faults: [String]
    ) async throws {
        let answer = try await TestAPI().send("POST /users", json)
        #expect(answer.status == 422)
        #expect(try answer.faults == faults)
    }

    @Test func `all faults are told at once`() async throws {
        let answer = try await TestAPI().send(
            "POST /users",
            """
            {"version":7,"email":"x","display_name":"","id":"x","external_id":"","locale":1,
             "time_zone":"x","status":null,"roles":[1,"X"],"metadata":[],"admin_metadata":1,
             "password":"short","deleted_at":null}
            """)
        #expect(answer.status == 422)
        #expect(
            try answer.faults == [
                "/deleted_at read_only", "/version read_only", "/email invalid_email",
                "/display_name too_short", "/id invalid_id", "/external_id too_short",
                "/locale wrong_type", "/time_zone invalid_time_zone", "/status wrong_type",
                "/roles/0 wrong_type", "/roles/1 invalid_role", "/metadata wrong_type",
                "/admin_metadata wrong_type", "/password too_short",
            ])
    }

    @Test func `no fault quotes what was sent`() async throws {
        let answer = try await TestAPI().send(
            "POST /users",
            #"{"email":"hunter2","display_name":"hunter2\u0000","password":"hunter2"}"#)
        #expect(answer.status == 422)
        #expect(!answer.text.contains("hunter2"))
    }
}
