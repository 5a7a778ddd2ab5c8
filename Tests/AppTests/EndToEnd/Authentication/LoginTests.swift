import HTTPTesting
import JSON
import Postgres
import PostgresTesting
import Testing

@testable import App

@Suite("What a login tells")
struct LoginTests {
    private static let limited = ["RATE_LIMIT_ENABLED": "true"]

    /// The body without the id of the request, which is another one each time.
    private func body(of answer: RawResponse) -> String {
        answer.text.replacing(answer.string("request_id") ?? "none", with: "ID")
    }

    @Test(arguments: [[:], limited])
    func `nobody learns from a refusal who has an account`(
        _ variables: [String: String]
    ) async throws {
        try await withApplication(variables) { application, database in
            let connection = try database.connect()
            let active = try connection.add()
            let disabled = try connection.add(status: "disabled")
            let deleted = try connection.add(isDeleted: true)
            let none = TestUser()
            var answers: [RawResponse] = []
            for user in [active, disabled, deleted, none] {
                answers.append(try await application.logIn(user.email, "not the password at all"))
            }
            let right = TestAdministrator.password
            answers.append(try await application.logIn(deleted.email, right))
            for answer in answers {
                #expect(answer.status == 401 && answer.string("code") == "invalid_credentials")
                #expect(answer["WWW-Authenticate"] == "Bearer")
                #expect(body(of: answer) == body(of: answers[0]))
                #expect(answer.body.count == answers[0].body.count)
                #expect(answer.fields.map(\.name) == answers[0].fields.map(\.name))
                #expect(answer["Content-Length"] == answers[0]["Content-Length"])
            }
            // The second failure of one address has one less left, whoever's it is.
            for user in [active, none] {
                let again = try await application.logIn(user.email, "still not the password")
                #expect(again.tells(#""login-id";r=3;"#) != variables.isEmpty)
            }
        }
    }

    @Test func `that an account is disabled is told to who knows its password`() async throws {
        try await withApplication { application, database in
            let user = try database.connect().add(status: "disabled")
            let answer = try await application.logIn(user.email, TestAdministrator.password)
            #expect(answer.status == 403 && answer.string("code") == "account_disabled")
            #expect(try database.connect().query("SELECT id FROM sessions") == [])
        }
    }

    @Test(arguments: [
        (#"{}"#, 422), (#"{"email":"a@example.com"}"#, 422), (#"{"password":"x"}"#, 422),
        (#"{"email":1,"password":"x"}"#, 422), (#"{"email":"a@example.com","password":null}"#, 422),
        (#"{"email":"nobody","password":"x"}"#, 422), (#"["email"]"#, 422), (#"{"email":"#, 400),
        (#"{"email":"a@example.com","password":"x","password":"y"}"#, 400),
        (#"{"email":"a@example.com","password":""}"#, 401),
        (#"{"email":"a@example.com","password":"a\u0000b"}"#, 401),
    ])
    func `what is no login gets a problem`(_ json: String, _ status: Int) async throws {
        try await withApplication { application, _ in
            let answer = try await application.send("POST /auth/login", json)
            #expect(answer.status == status, "\(answer.text)")
            #expect(answer["Content-Type"] == "application/problem+json")
        }
    }

    @Test func `a password as long as the content may be is wrong, and nothing worse`()
        async throws
    {
        try await withApplication { application, database in
            let user = try database.connect().add()
            let long = String(repeating: "x", count: 1_000_000)
            #expect(try await application.logIn(user.email, long).status == 401)
            let prefixed = TestAdministrator.password + String(repeating: " ", count: 5_000)
            #expect(try await application.logIn(user.email, prefixed).status == 401)
            let right = try await application.logIn(user.email, TestAdministrator.password)
            #expect(right.status == 200)
        }
    }

    /// Made as those of Tests/PasswordHashingTests, by libpass 1.9.4, bcrypt 4.3.0 and argon2-cffi
    /// 25.1.0, of the text `password`.
    static let imported = [
        "$argon2id$v=19$m=64,t=1,p=1$zI5Adkcqil1HZLvOGu11Yw$ZgPGewigKLL2xz0c1dvixrnD"
            + "kVgyEEAEuM9m7OsVFh8",
        "$2a$04$OH2CE6R1kJZbns9.z774IOEbIUXeke0pEjsRK2CCzeFPsmsAXVsbG",
        "$2b$04$wX6uN9en2NtX2pYJ0GctmOrcH1.tY/30jjOQUeJ9a5eYIx8N8sYSy",
        "$2y$04$G1iZ81Lzv0j3HmTUM8APS.weS43w/kFWXQZefikHVa2TEmavXSyD.",
        "$5$rounds=1000$8B0GIKP7K8joiPLe$3Jdsri/eIq2cOL1fabDx813PT7Z9b60Pw373Ejs7in1",
        "$6$rounds=1000$.svfzPhTmGSOToPU$ltc/8WfMmqZ4MFK8ERkZSKpVNuvBQn6F4Khmmow/7Ds"
            + "381/dVZxtv.pANfkmz8sUDh8SyzAkvfG/7ZYBeRjOL1",
        "$scrypt$ln=4,r=8,p=1$UWqtdU6ptRaidM55z5mTsg$yXd/gPDVeGvCbvCJfwfsA75r8BQvKmF25q8c/8aimMo",
        "$7$26..../....SodiumChloride$QCXypikOdrGUuQTbSEJ5PInpJbIxJiy9TRvuJ0MqLsA",
        "$pbkdf2-sha256$1000$1XrPuRciZGztfa/1nhMCgA$9k.0ZvOcuJH2/cOjaJPKcBH6fI9ooTZcyVDtw.7d/2I",
        "$pbkdf2-sha512$1000$xHjvfS.FMOYco7T23rvXeg$h6W8EL9OEr6rSJyK3Tq1GqLdXaxJZsDT"
            + "Rxj51EL56dCedMutxebo.AwBEDa4DPuVmMsvZWLGoH6RJciKksOkqA",
    ]

    @Test func `a hash of another system logs its user in, and is one of ours from then on`()
        async throws
    {
        try await withApplication { application, database in
            let connection = try database.connect()
            for hash in Self.imported {
                let user = try connection.add(passwordHash: hash)
                func stored() throws -> String? {
                    try connection.query("SELECT password_hash FROM users WHERE id = $1", [user.id])
                        .first?[0]
                }
                #expect(try await application.logIn(user.email, "passwort").status == 401)
                #expect(try stored() == hash)
                let session = try await application.session(of: user, "password")
                let ours = try #require(try stored())
                #expect(ours.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"), "\(hash)")
                // The password is the same one: no session ends, and no token.
                #expect(try await application.status(with: session) == 200)
                #expect(try await application.logIn(user.email, "password").status == 200)
                #expect(try stored() == ours)
            }
        }
    }

    @Test func `registration that is closed to everybody is open to administrators`()
        async throws
    {
        try await withApplication(["REGISTRATION_ENABLED": "false"]) { application, database in
            let json = #"{"email":"a@example.com","display_name":"A","password":"blue herons fly"}"#
            let member = try await application.session(of: try database.connect().add())
            for caller in [TestCaller.nobody, member.caller] {
                let answer = try await application.send("POST /users", json, as: caller)
                #expect(answer.status == 403 && answer.string("code") == "registration_closed")
            }
            #expect(try await application.send("POST /users", json).status == 201)
        }
    }
}
