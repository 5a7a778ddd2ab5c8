import Ambient
import Synchronization
import Testing
import Users
import UsersTesting

@Suite("Registering once, however often it is asked for")
struct RegistrationAttemptTests {
    private let repository = InMemoryRepository()
    private let hasher = CountingHasher()
    private let attempt = RegistrationAttempt(name: [1], content: [2])

    /// A service whose clock always shows a time so many microseconds after the usual one.
    private func users(
        after microseconds: Int64 = 0
    ) -> UserService<InMemoryRepository, CountingHasher> {
        let time = Timestamp(
            microsecondsSince1970: Sample.time.microsecondsSince1970 + microseconds)
        return UserService(
            repository: repository, hasher: hasher, passwords: FakePasswordVerifier(),
            access: RecordingObserver(), events: RecordingObserver(), clock: .fixed(at: time),
            ids: UUIDv7Generator(clock: .fixed(at: time), entropy: .system))
    }

    private func register(
        _ attempt: RegistrationAttempt, after microseconds: Int64 = 0,
        email: String = "ada@example.com"
    ) async -> Result<Registration, UserError> {
        do throws(UserError) {
            guard let draft = try? Sample.draft(email: email) else { throw .notFound }
            return .success(
                try await users(after: microseconds).register(
                    draft, once: attempt, as: .administrator))
        } catch {
            return .failure(error)
        }
    }

    @Test func `the second time gives the user of the first, and hashes nothing`() async throws {
        let first = try await register(attempt).get()
        #expect(!first.isRepeated)
        let second = try await register(attempt, after: 86_399_999_999).get()
        #expect(second.isRepeated && second.user == first.user)
        #expect(hasher.count == 1)
        #expect(repository.inspect { $0.users.count } == 1)
        #expect(repository.inspect { $0.passwordHashes[first.user.id] } == "hash 1")
    }

    @Test func `the user is given as made, whatever has become of it`() async throws {
        let first = try await register(attempt).get()
        var patch = UserPatch()
        patch.changes.displayName = .set(try DisplayName(parsing: "Another"))
        _ = try await users().change(first.user.id, by: patch, as: .administrator)
        #expect(try await register(attempt).get().user == first.user)
        try await users().delete(first.user.id, as: .administrator)
        #expect(try await register(attempt).get().user == first.user)
    }

    @Test func `after a day, and after a removal for good, nothing is remembered`() async throws {
        let first = try await register(attempt).get()
        try await users().delete(first.user.id, as: .administrator)
        let second = try await register(attempt, after: 86_400_000_000).get()
        #expect(!second.isRepeated && second.user.id != first.user.id)
        let administrator = Caller.authenticated(first.user.id, [.usersWrite])
        try await users().deleteForGood(second.user.id, as: administrator)
        let third = try await register(attempt, after: 86_400_000_001).get()
        #expect(!third.isRepeated)
    }

    @Test func `another content, and one that goes on, are told apart`() async throws {
        let running = RegistrationAttempt.Reservation(of: attempt, at: Sample.time)
        #expect(try await repository.reserve(running) == nil)
        let other = RegistrationAttempt(name: attempt.name, content: [3])
        guard case .failure(.attemptRunning) = await register(attempt) else {
            throw Unexpected(nil)
        }
        guard case .failure(.attemptDiffers) = await register(other) else { throw Unexpected(nil) }
        // A minute later its process must have died.
        guard case .failure(.attemptRunning) = await register(attempt, after: 59_999_999) else {
            throw Unexpected(nil)
        }
        #expect(try await !register(attempt, after: 60_000_000).get().isRepeated)
        guard case .failure(.attemptDiffers) = await register(other) else { throw Unexpected(nil) }
        #expect(hasher.count == 1)
    }

    @Test func `a reservation that somebody has taken over makes nobody`() async throws {
        hasher.onHash = { [repository, attempt] in
            let late = Timestamp(
                microsecondsSince1970: Sample.time.microsecondsSince1970 + 60_000_000)
            _ = try? await repository.reserve(.init(of: attempt, at: late))
        }
        guard case .failure(.attemptRunning) = await register(attempt) else {
            throw Unexpected(nil)
        }
        #expect(repository.inspect { $0.users.isEmpty && $0.attempts.count == 1 })
    }

    /// An error of an insertion, and whether the client may try again at once.
    static let errors: [(UserError, Bool)] = [
        (.emailTaken, true), (.externalIDTaken, true), (.idTaken, true),
        (.unavailable(.overloaded, cause: nil), true),
        (.unavailable(.contended, cause: nil), true), (.corrupt("x"), true),
        (.unavailable(.storageAway, cause: nil), true), (.outcomeUnknown(cause: nil), false),
    ]

    @Test(arguments: errors)
    func `an attempt that failed is over, unless nobody knows what came of it`(
        _ error: UserError, _ isOver: Bool
    ) async throws {
        repository.inspect { $0.insertionErrors = [error] }
        guard case .failure(let told) = await register(attempt) else { throw Unexpected(nil) }
        #expect("\(told)" == "\(error)")
        #expect(repository.inspect { $0.attempts.isEmpty } == isOver)
        switch await register(attempt) {
        case .success(let registration): #expect(isOver && !registration.isRepeated)
        case .failure(.attemptRunning): #expect(!isOver)
        case .failure(let other): throw other
        }
    }

    @Test func `an attempt that finds the queue of hashes full is over`() async throws {
        let users = UserService(
            repository: repository, hasher: OverloadedHasher(),
            passwords: FakePasswordVerifier(), access: RecordingObserver(),
            events: RecordingObserver(), clock: .fixed(at: Sample.time),
            ids: UUIDv7Generator(clock: .system, entropy: .system))
        let draft = try Sample.draft()
        let error = await failure { () throws(UserError) in
            _ = try await users.register(draft, once: attempt, as: .administrator)
        }
        guard case .unavailable(.overloaded, _) = error else { throw Unexpected(error) }
        #expect(repository.inspect { $0.users.isEmpty && $0.attempts.isEmpty })
    }

    @Test func `what is refused before reserves nothing`() async throws {
        let draft = try Sample.draft(email: "battery@example.com")
        let error = await failure { () throws(UserError) in
            _ = try await users().register(draft, once: attempt, as: .administrator)
        }
        guard case .invalid = error else { throw Unexpected(error) }
        #expect(repository.inspect { $0.attempts.isEmpty })
    }
}

/// A hasher that counts.
private final class CountingHasher: PasswordHasher {
    private let state = Mutex((count: 0, onHash: nil as (@Sendable () async -> Void)?))

    var count: Int { state.withLock { $0.count } }

    /// What happens while a password is hashed.
    var onHash: (@Sendable () async -> Void)? {
        get { state.withLock { $0.onHash } }
        set { state.withLock { $0.onHash = newValue } }
    }

    func hash(_ password: Password) async throws(UserError) -> String {
        await onHash?()
        return state.withLock {
            $0.count += 1
            return "hash \($0.count)"
        }
    }
}
