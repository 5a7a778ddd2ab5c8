import HTTPTesting
import Postgres
import PostgresTesting
import Testing

@testable import App

@Suite("Logins that are slowed down")
struct ThrottlingTests {
    private static let limited = ["RATE_LIMIT_ENABLED": "true"]
    private static let wrong = "not the password at all"

    private func retryAfter(_ answer: RawResponse) -> Int {
        answer["Retry-After"].flatMap { Int($0) } ?? 0
    }

    @Test func `after five failures even the right password waits, whoever is meant`()
        async throws
    {
        try await withApplication(Self.limited) { application, database in
            let user = try database.connect().add()
            for somebody in [user, TestUser()] {
                for remaining in (0..<5).reversed() {
                    let answer = try await application.logIn(somebody.email, Self.wrong)
                    #expect(answer.status == 401)
                    #expect(answer.tells(#""login-id";q=5;w=300"#))
                    #expect(answer.tells(#""login-id";r=\#(remaining);"#))
                }
                for password in [Self.wrong, TestAdministrator.password] {
                    let answer = try await application.logIn(somebody.email, password)
                    #expect(answer.status == 429 && answer.string("code") == "rate_limited")
                    #expect((1...30).contains(retryAfter(answer)))
                }
            }
        }
    }

    @Test func `the wait ends, and doubles with the next failure`() async throws {
        try await withApplication(Self.limited) { application, database in
            let user = try database.connect().add()
            for _ in 0..<5 { _ = try await application.logIn(user.email, Self.wrong) }
            for wait in [60, 120, 240] {
                try database.connect().execute(
                    "UPDATE login_attempts SET blocked_until = now() - interval '1 second'")
                #expect(try await application.logIn(user.email, Self.wrong).status == 401)
                let answer = try await application.logIn(user.email, Self.wrong)
                #expect((wait / 2 + 1...wait).contains(retryAfter(answer)))
            }
            try database.connect().execute(
                "UPDATE login_attempts SET blocked_until = now() - interval '1 second'")
            let right = try await application.logIn(user.email, TestAdministrator.password)
            #expect(right.status == 200)
        }
    }

    @Test func `a network from which the user has logged in has a budget of its own`()
        async throws
    {
        try await withApplication(Self.limited) { application, database in
            let (own, strange) = (try database.connect().add(), try database.connect().add())
            _ = try await application.session(of: own)
            for user in [own, strange] {
                for _ in 0..<5 { _ = try await application.logIn(user.email, Self.wrong) }
                #expect(try await application.logIn(user.email, Self.wrong).status == 429)
            }
            let rows = try database.connect().query(
                """
                SELECT network_code = '', failure_count::text FROM login_attempts
                WHERE failure_count > 0 ORDER BY 1
                """)
            // Those of the first count for his network alone, those of the second for everybody.
            #expect(rows == [["f", "5"], ["t", "5"]])
        }
    }

    @Test func `strangers cannot lock a user out of a network of the user's own`() async throws {
        try await withApplication(Self.limited) { application, database in
            let user = try database.connect().add()
            /// Logs in from 127.0.0.`host`, which is a network of its own.
            func logIn(_ password: String, from host: UInt8) async throws -> Int {
                try await RawHTTPClient(fromLoopback: host, port: application.port)
                    .exchangePatiently(loginText(user.email, password)).status
            }
            let right = TestAdministrator.password
            #expect(try await logIn(right, from: 2) == 200)
            for _ in 0..<5 { #expect(try await logIn(Self.wrong, from: 3) == 401) }
            for stranger: UInt8 in [3, 4] { #expect(try await logIn(right, from: stranger) == 429) }
            #expect(try await logIn(right, from: 2) == 200)
            #expect(try await logIn(right, from: 4) == 429)
        }
    }

    @Test func `an administrator ends the wait`() async throws {
        try await withApplication(Self.limited) { application, database in
            let user = try database.connect().add()
            for _ in 0..<5 { _ = try await application.logIn(user.email, Self.wrong) }
            let right = TestAdministrator.password
            #expect(try await application.logIn(user.email, right).status == 429)
            #expect(try await application.send("DELETE \(user.path)/lockout").status == 204)
            #expect(try await application.logIn(user.email, right).status == 200)
        }
    }

    @Test func `many at once are no more than one after the other`() async throws {
        try await withApplication(Self.limited) { application, database in
            let user = try database.connect().add()
            let statuses = try await withThrowingTaskGroup { group in
                for _ in 0..<40 {
                    group.addTask { try await application.logIn(user.email, Self.wrong).status }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 401 }.count <= 5)
            #expect(statuses.filter { $0 == 401 }.count >= 1)
            #expect(statuses.allSatisfy { [401, 429].contains($0) }, "\(statuses)")
        }
    }

    @Test func `failures are shared by processes, and outlive them`() async throws {
        try await withTestDatabase { database in
            let user = try database.connect().add()
            for _ in 0..<5 {
                try await withApplication(on: database, Self.limited) { application in
                    let answer = try await application.logIn(user.email, Self.wrong)
                    #expect(answer.status == 401)
                }
            }
            try await withApplication(on: database, Self.limited) { application in
                let answer = try await application.logIn(user.email, Self.wrong)
                #expect(answer.status == 429)
            }
        }
    }

    @Test func `guesses of the current password are counted with those at logins`() async throws {
        try await withApplication(Self.limited) { application, database in
            let user = try database.connect().add()
            let session = try await application.session(of: user)
            let guess = #"{"password":"forty-two blue herons","current_password":"wrong"}"#
            var statuses: [Int] = []
            for _ in 0..<7 {
                let request = requestText(
                    "PUT /users/me/password", guess, fields: [bearer(session.access)])
                statuses.append(
                    try await application.connect().exchangePatiently(request).status)
            }
            #expect(statuses == [403, 403, 403, 403, 403, 429, 429])
        }
    }

    @Test func `changes of one's own address are counted with registrations`() async throws {
        let variables = ["RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_REGISTER_IP": "3/1h"]
        try await withApplication(variables) { application, database in
            let (user, taken) = (try database.connect().add(), try database.connect().add())
            let session = try await application.session(of: user)
            func change(_ json: String) async throws -> RawResponse {
                let request = requestText("PATCH /users/me", json, fields: [bearer(session.access)])
                return try await application.connect().exchangePatiently(request)
            }
            let right = #""current_password":"\#(TestAdministrator.password)""#
            let first = try await change(#"{"email":"\#(taken.email)",\#(right)}"#)
            #expect(first.status == 409 && first.tells(#""register-ip";r=2;"#))
            let second = try await change(
                #"{"email":"somebody@a.example","current_password":"wrong"}"#)
            #expect(second.status == 403 && second.tells(#""register-ip";r=1;"#))
            let double =
                #"{"email":"\#(taken.email)","display_name":"A","password":"nine loud ducks"}"#
            let third = try await application.connect().exchangePatiently(
                requestText("POST /users", double))
            #expect(third.status == 409 && third.tells(#""register-ip";r=0;"#))
            let fourth = try await change(#"{"email":"\#(taken.email)",\#(right)}"#)
            #expect(fourth.status == 429 && fourth.string("code") == "rate_limited")
            // What changes no address is not counted, nor what the administrator changes.
            #expect(try await change(#"{"display_name":"Ada",\#(right)}"#).status == 200)
            let free = #"{"email":"free@a.example"}"#
            #expect(try await application.send("PATCH \(user.path)", free).status == 200)
        }
    }

    @Test
    func `behind one proxy each client has a quota, and failures with an address are of both`()
        async throws
    {
        let variables = [
            "RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_LOGIN_IP": "4/1h",
            "TRUSTED_PROXIES": "127.0.0.0/8",
        ]
        try await withApplication(variables) { application, database in
            let connection = try database.connect()
            let (user, other) = (try connection.add(), try connection.add())
            func logIn(
                _ user: TestUser, _ password: String = Self.wrong, from client: String
            ) async throws -> RawResponse {
                try await application.connect().exchangePatiently(
                    loginText(user.email, password, fields: ["X-Forwarded-For: \(client)"]))
            }
            let (first, second) = ("203.0.113.1", "203.0.113.2")
            for (client, left, leftOfBoth) in [
                (first, 3, 4), (first, 2, 3), (first, 1, 2), (second, 3, 1), (second, 2, 0),
            ] {
                let answer = try await logIn(user, from: client)
                #expect(answer.status == 401 && answer.tells(#""login-ip";r=\#(left);"#))
                #expect(answer.tells(#""login-id";r=\#(leftOfBoth);"#))
            }
            let locked = try await logIn(user, TestAdministrator.password, from: second)
            #expect(locked.status == 429 && locked.tells(#""login-id";r=0;"#))
            // The second client has one more login, with whatever address, and the first one, too.
            #expect(try await logIn(other, TestAdministrator.password, from: second).status == 200)
            let refused = try await logIn(other, TestAdministrator.password, from: second)
            #expect(refused.status == 429 && refused.tells(#""login-ip";r=0;"#))
            #expect(!refused.tells("login-id"))
            #expect(try await logIn(other, TestAdministrator.password, from: first).status == 200)
        }
    }

    @Test func `logins and registrations from one network are limited`() async throws {
        let variables = [
            "RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_LOGIN_IP": "3/1m",
            "RATE_LIMIT_LOGIN_ID": "off", "RATE_LIMIT_REGISTER_IP": "2/1h",
        ]
        try await withApplication(variables) { application, database in
            let user = try database.connect().add()
            var answers: [RawResponse] = []
            for _ in 0..<4 {
                answers.append(try await application.logIn(user.email, TestAdministrator.password))
            }
            #expect(answers.map(\.status) == [200, 200, 200, 429])
            #expect(answers[0].tells(#""login-ip";q=3;w=60"#))
            #expect(retryAfter(answers[3]) >= 1)
            answers = []
            for number in 0..<3 {
                let json =
                    #"{"email":"u\#(number)@example.com","display_name":"U","#
                    + #""password":"seven quiet otters swim"}"#
                answers.append(try await application.send("POST /users", json, as: .nobody))
            }
            #expect(answers.map(\.status) == [201, 201, 429])
            #expect(answers[0].tells(#""register-ip";q=2;w=3600"#))
            #expect(retryAfter(answers[2]) >= 1)
        }
    }
}
