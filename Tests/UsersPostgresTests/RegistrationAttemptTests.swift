import Ambient
import Postgres
import PostgresTesting
import Testing
import Users
import UsersPostgres
import UsersTesting

@Suite("Attempts that make a user once")
struct RegistrationAttemptTests {
    private typealias Reservation = RegistrationAttempt.Reservation

    /// An attempt, different for each `number`, and the reservation that begins so many seconds
    /// after the usual time.
    private static func reservation(
        _ number: UInt8 = 1, content: UInt8 = 7, after seconds: Int64 = 0
    ) -> Reservation {
        Reservation(
            of: RegistrationAttempt(
                name: [UInt8](repeating: number, count: 32),
                content: [UInt8](repeating: content, count: 32)),
            at: Sample.time(after: seconds * 1_000_000))
    }

    private static func known(_ user: User? = nil, content: UInt8 = 7) -> RegistrationAttempt.Known
    {
        RegistrationAttempt.Known(content: [UInt8](repeating: content, count: 32), user: user)
    }

    @Test func `a reserved name is not reserved again before it runs out`() async throws {
        try await withRepository { repository in
            let users = repository.users
            let outcomes = [
                try await users.reserve(Self.reservation()),
                try await users.reserve(Self.reservation(content: 8)),
                try await users.reserve(Self.reservation(after: 59)),
                try await users.reserve(Self.reservation(2, after: 59)),
                try await users.reserve(Self.reservation(content: 8, after: 60)),
                try await users.reserve(Self.reservation(after: 60)),
            ]
            #expect(
                outcomes == [nil, Self.known(), Self.known(), nil, nil, Self.known(content: 8)])
        }
    }

    static let users: [(String, @Sendable () throws -> User)] = [
        ("of NULLs", { try Sample.bareUser() }), ("in whom all is set", { try Sample.fullUser() }),
    ]

    @Test(arguments: users)
    func `the user comes back as made, for a day, whatever becomes of it`(
        _ name: String, _ make: @Sendable () throws -> User
    ) async throws {
        let user = try make()
        try await withRepository { repository in
            let users = repository.users
            let reservation = Self.reservation()
            #expect(try await users.reserve(reservation) == nil)
            let stored = try await users.insert(
                user, passwordHash: "$argon2id$x", completing: reservation)
            #expect(stored == user)
            #expect(try await users.user(withID: user.id) == user)
            var changes = UserChanges()
            changes.displayName = .set(DisplayName(trusted: "B"))
            changes.metadata = .set(.empty)
            _ = try await users.update(user.id, changes, expecting: nil, at: Sample.time)
            #expect(try await users.reserve(Self.reservation(after: 1)) == Self.known(user))
            _ = try await users.markDeleted(user.id, expecting: nil, at: Sample.time)
            #expect(try await users.reserve(Self.reservation(after: 86_399)) == Self.known(user))
            #expect(try await users.reserve(Self.reservation(after: 86_400)) == nil)
        }
    }

    @Test func `no password hash is kept beside the user`() async throws {
        try await withRepository { repository in
            let reservation = Self.reservation()
            _ = try await repository.users.reserve(reservation)
            _ = try await repository.users.insert(
                Sample.fullUser(), passwordHash: "$argon2id$x", completing: reservation)
            let row = try repository.row(
                """
                SELECT user_as_made::text LIKE '%argon2id%', user_as_made ? 'password_hash',
                    user_as_made ? 'id' FROM registration_attempts
                """)
            #expect(row == ["f", "f", "t"])
            #expect(try repository.row("SELECT password_hash FROM users") == ["$argon2id$x"])
        }
    }

    @Test func `a user is removed with the memory of the attempt`() async throws {
        try await withRepository { repository in
            let reservation = Self.reservation()
            _ = try await repository.users.reserve(reservation)
            let user = try Sample.fullUser()
            _ = try await repository.users.insert(
                user, passwordHash: nil, completing: reservation)
            #expect(try await repository.users.remove(user.id, expecting: nil, at: Sample.time))
            #expect(try repository.row("SELECT count(*) FROM registration_attempts") == ["0"])
        }
    }

    @Test func `who has not the reservation makes nobody`() async throws {
        try await withRepository { repository in
            let users = repository.users
            let user = try Sample.bareUser()
            let late = Self.reservation(after: 60)
            // Never reserved, taken over, and given up.
            #expect(try await users.insert(user, passwordHash: nil, completing: late) == nil)
            _ = try await users.reserve(Self.reservation())
            _ = try await users.reserve(late)
            let lost = try await users.insert(
                user, passwordHash: nil, completing: Self.reservation())
            #expect(lost == nil)
            try await users.release(Self.reservation())
            #expect(try await users.reserve(late) == Self.known())
            try await users.release(late)
            #expect(try await users.insert(user, passwordHash: nil, completing: late) == nil)
            #expect(try repository.row("SELECT count(*) FROM users") == ["0"])
            #expect(try repository.row("SELECT count(*) FROM registration_attempts") == ["0"])
        }
    }

    @Test func `what was made is neither made again nor given up`() async throws {
        try await withRepository { repository in
            let users = repository.users
            let reservation = Self.reservation()
            _ = try await users.reserve(reservation)
            let user = try Sample.bareUser()
            _ = try await users.insert(user, passwordHash: nil, completing: reservation)
            let again = try await users.insert(
                Sample.bareUser(2), passwordHash: nil, completing: reservation)
            #expect(again == nil)
            try await users.release(reservation)
            #expect(try await users.reserve(reservation) == Self.known(user))
        }
    }

    @Test func `a conflict makes nobody and leaves the reservation`() async throws {
        try await withRepository { repository in
            let users = repository.users
            _ = try await users.insert(Sample.bareUser(), passwordHash: nil)
            let reservation = Self.reservation()
            _ = try await users.reserve(reservation)
            let cases = [
                (try Sample.bareUser(2, email: "user.1@example.com"), "emailTaken"),
                (try Sample.bareUser(1, email: "b@example.com"), "idTaken"),
            ]
            for (user, kind) in cases {
                let error = await failure { () throws(UserError) in
                    _ = try await users.insert(user, passwordHash: nil, completing: reservation)
                }
                #expect(error?.kind == kind)
            }
            let user = try Sample.bareUser(3)
            #expect(
                try await users.insert(user, passwordHash: nil, completing: reservation) == user)
        }
    }

    @Test func `of those who reserve at the same time one does`() async throws {
        try await withRepository { repository in
            let users = repository.users
            let count = try await withThrowingTaskGroup { group in
                for number in 0..<24 {
                    group.addTask {
                        try await users.reserve(
                            Self.reservation(UInt8(number % 4), after: Int64(number / 4)))
                    }
                }
                return try await group.reduce(0) { $0 + ($1 == nil ? 1 : 0) }
            }
            #expect(count == 4)
        }
    }

    @Test func `of those who complete at the same time one does`() async throws {
        try await withRepository { repository in
            let users = repository.users
            let reservation = Self.reservation()
            _ = try await users.reserve(reservation)
            let count = try await withThrowingTaskGroup { group in
                for number in 1...8 {
                    group.addTask {
                        try await users.insert(
                            Sample.bareUser(number), passwordHash: nil, completing: reservation)
                    }
                }
                return try await group.reduce(0) { $0 + ($1 == nil ? 0 : 1) }
            }
            #expect(count == 1)
            #expect(try repository.row("SELECT count(*) FROM users") == ["1"])
        }
    }

    @Test func `a row that runs out is removed, a few at a time, and nobody waits for a lock`()
        async throws
    {
        try await withRepository { repository in
            try repository.database.connect().execute(
                """
                INSERT INTO registration_attempts (name, content, expires_at)
                SELECT sha256(number::text::bytea), sha256(''),
                    timestamptz '2026-11-22T20:46:00Z' + number * interval '1 second'
                FROM generate_series(1, 20) AS number
                """)
            let holder = try repository.database.connect()
            try holder.execute("BEGIN")
            _ = try holder.query(
                "SELECT 1 FROM registration_attempts ORDER BY expires_at LIMIT 1 FOR UPDATE", [])
            var counts: [String?] = []
            for number in 1...4 {
                // Twenty are over then; a minute before, none is.
                let seconds: Int64 = number == 1 ? -60 : 60
                let reservation = Self.reservation(UInt8(number), after: seconds)
                #expect(try await repository.users.reserve(reservation) == nil)
                counts += try repository.row("SELECT count(*) FROM registration_attempts")
            }
            try holder.execute("ROLLBACK")
            // In the end there are the one that is locked and the three that have begun.
            #expect(counts == ["21", "14", "7", "4"])
        }
    }
}
