import Ambient
import Authentication
import AuthenticationPostgres
import AuthenticationTesting
import Postgres
import PostgresTesting
import Testing
import Users

@Suite("Failed logins in PostgreSQL")
struct AttemptTests {
    /// An attempt that has been let through, and of which nothing is known yet.
    private struct Pending {
        let attempt: LoginAttempt
        let admission: LoginAdmission
    }

    private static let throttles = [
        LoginThrottle(), LoginThrottle(failureCountMax: 1, windowSeconds: 1),
        LoginThrottle(failureCountMax: 3, windowSeconds: 86_400),
        LoginThrottle(failureCountMax: 1_000_000_000, windowSeconds: 60),
    ]

    @Test(arguments: throttles, 0..<3)
    func `the throttle in SQL is the throttle in Swift, whatever happens`(
        _ throttle: LoginThrottle, _ seed: UInt64
    ) async throws {
        let entropy = Entropy.seeded(seed)
        func random(_ count: Int) -> Int { Int(entropy.next() % UInt64(count)) }
        try await withRepository { repository in
            for number in 1...3 { try await repository.add(number) }
            var (book, time) = (LoginBook(), Sample.time)
            var pending: [Pending] = []
            for step in 0..<150 {
                time = time.advanced(bySeconds: Int64(Self.pause(random)))
                let attempt = Sample.attempt(1 + random(3), random(3), at: time)
                let admission = try await repository.logins.admit(attempt, by: throttle)
                let expected = book.admit(attempt, by: throttle)
                #expect(admission == expected, "seed \(seed), step \(step)")
                if admission.isAdmitted {
                    pending.append(Pending(attempt: attempt, admission: admission))
                }
                guard !pending.isEmpty else { continue }
                let chosen = pending.remove(at: random(pending.count))
                switch random(8) {
                case 0:
                    let number = UInt64(1 + random(3))
                    let grant = try await repository.logins.begin(
                        Sample.session(step, at: time), of: .sample(number), after: chosen.attempt,
                        chosen.admission)
                    #expect(grant != nil)
                    book.succeed(chosen.attempt, chosen.admission)
                case 1, 2:
                    try await repository.logins.withdraw(chosen.attempt, chosen.admission)
                    book.withdraw(chosen.attempt, chosen.admission)
                case 3 where random(4) == 0:
                    try await repository.logins.forgetFailures(ofAddress: chosen.attempt.address)
                    book.forgetFailures(ofAddress: chosen.attempt.address)
                default: break
                }
            }
        }
    }

    /// Seconds between attempts: mostly few, now and then enough for everything to run out.
    private static func pause(_ random: (Int) -> Int) -> Int {
        switch random(20) {
        case 0: 31 * 86_400
        case 1, 2: random(2_000)
        case 3...5: 30
        default: random(3)
        }
    }

    @Test(arguments: [1, 5])
    func `of forty attempts at once no more are admitted than are free`(
        _ failureCountMax: Int64
    ) async throws {
        let throttle = LoginThrottle(failureCountMax: failureCountMax)
        try await withRepository { repository in
            for round in 0..<5 {
                let attempt = Sample.attempt(round, 1)
                let admissions = try await withThrowingTaskGroup { group in
                    for _ in 0..<40 {
                        group.addTask {
                            try await repository.logins.admit(attempt, by: throttle)
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                let admitted = admissions.filter(\.isAdmitted)
                #expect(admitted.map(\.failureCount).sorted() == Array(1...failureCountMax))
                let end = attempt.time.advanced(bySeconds: 30)
                #expect(admissions.filter { !$0.isAdmitted }.allSatisfy { $0.blockedUntil == end })
            }
        }
    }

    @Test func `attempts and logins of one address at once are all answered`() async throws {
        try await withRepository { repository in
            try await repository.add()
            let throttle = LoginThrottle(failureCountMax: 2)
            let outcomes = await withTaskGroup { group in
                for number in 0..<200 {
                    group.addTask {
                        await outcome { () async throws(UserError) in
                            // Half a minute lies between them, so that most are let through.
                            let time = Sample.time.advanced(bySeconds: Int64(number) * 30)
                            let attempt = Sample.attempt(1, number % 3, at: time)
                            let admission = try await repository.logins.admit(
                                attempt, by: throttle)
                            guard admission.isAdmitted else { return }
                            if number % 2 == 0 {
                                _ = try await repository.logins.begin(
                                    Sample.session(number), of: .sample(), after: attempt,
                                    admission)
                            } else {
                                try await repository.logins.withdraw(attempt, admission)
                            }
                        }
                    }
                }
                return await group.reduce(into: Set()) { $0.insert($1) }
            }
            // One may be refused by a row that a login deletes before it can be read.
            #expect(outcomes.isSubset(of: ["done", "unavailable contended"]))
            #expect(outcomes.contains("done"))
            let rows = try repository.query(
                "SELECT FROM login_attempts WHERE failure_count < 0 OR failure_count > 200")
            #expect(rows.isEmpty)
        }
    }

    @Test func `an attempt that began an hour before one that needs no wait is let through`()
        async throws
    {
        try await withRepository { repository in
            try await repository.add()
            let throttle = LoginThrottle(failureCountMax: 3)
            func admit(after seconds: Int64) async throws -> (LoginAttempt, LoginAdmission) {
                let attempt = Sample.attempt(1, 1, at: Sample.time.advanced(bySeconds: seconds))
                return (attempt, try await repository.logins.admit(attempt, by: throttle))
            }
            let failed = try await admit(after: 3600)
            #expect(try await admit(after: 0).1.failureCount == 2)
            try await repository.logins.withdraw(failed.0, failed.1)
            let right = try await admit(after: 3600)
            #expect(right.1.isAdmitted)
            let session = Sample.session(1, at: right.0.time)
            #expect(
                try await repository.logins.begin(
                    session, of: .sample(), after: right.0, right.1) != nil)
            #expect(
                try await admit(after: 0).1
                    == LoginAdmission(
                        isOwnNetwork: true, failureCount: 1,
                        blockedUntil: Timestamp(microsecondsSince1970: 0),
                        countedUntil: Sample.time.advanced(bySeconds: throttle.windowSeconds),
                        isAdmitted: true))
        }
    }

    @Test func `a withdrawal lifts its own wait, and none that a later failure has brought`()
        async throws
    {
        try await withRepository { repository in
            let throttle = LoginThrottle(failureCountMax: 1)
            func admit(after seconds: Int64) async throws -> (LoginAttempt, LoginAdmission) {
                let attempt = Sample.attempt(1, 1, at: Sample.time.advanced(bySeconds: seconds))
                return (attempt, try await repository.logins.admit(attempt, by: throttle))
            }
            let first = try await admit(after: 0)
            #expect(try await !admit(after: 29).1.isAdmitted)
            let later = try await admit(after: 30)
            #expect(later.1.isAdmitted && later.1.failureCount == 2)
            try await repository.logins.withdraw(first.0, first.1)
            #expect(try await !admit(after: 31).1.isAdmitted)
            #expect(try await admit(after: 31).1.failureCount == 1)
            try await repository.logins.withdraw(later.0, later.1)
            #expect(try await admit(after: 31).1.failureCount == 1)
        }
    }

    @Test func `failures are forgotten while a login waits for its rows, and neither fails`()
        async throws
    {
        try await withRepository { repository in
            let attempt = Sample.attempt(1, 1)
            _ = try await repository.logins.admit(attempt, by: LoginThrottle())
            let login = try repository.database.connect()
            // The rows of a login, in its order: that of the network, then that of the address.
            try login.execute(
                """
                INSERT INTO login_attempts (
                    address_code, network_code, failure_count, blocked_until, counted_until,
                    expires_at
                ) SELECT address_code, sha256('network'), 1, now(), now(), '2100-01-01'
                FROM login_attempts
                """)
            try login.execute(
                "BEGIN; UPDATE login_attempts SET failure_count = 2 WHERE network_code <> ''")
            async let forgotten = outcome { () async throws(UserError) in
                try await repository.logins.forgetFailures(ofAddress: attempt.address)
            }
            try await repository.waitForLocks()
            try login.execute("DELETE FROM login_attempts WHERE network_code = ''; COMMIT")
            #expect(await forgotten == "done")
            let counts = try repository.query("SELECT failure_count FROM login_attempts")
            #expect(counts == [["0"]])
        }
    }

    @Test func `a withdrawal of what is not there makes nothing`() async throws {
        try await withRepository { repository in
            let attempt = Sample.attempt(1, 1)
            for isOwnNetwork in [false, true] {
                let admission = LoginAdmission(
                    isOwnNetwork: isOwnNetwork, failureCount: 1, blockedUntil: Sample.time,
                    countedUntil: Sample.time, isAdmitted: true)
                try await repository.logins.withdraw(attempt, admission)
            }
            try await repository.logins.forgetFailures(ofAddress: attempt.address)
            #expect(try repository.query("SELECT FROM login_attempts").isEmpty)
        }
    }
}
