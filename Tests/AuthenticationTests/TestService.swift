import Ambient
import Authentication
import AuthenticationTesting
import Users
import UsersTesting

/// The service with everything around it in memory, at a time that a test moves.
struct TestService {
    typealias Service = AuthenticationService<InMemoryAuthenticationRepository, FakeMint>

    static let home: [UInt8] = [1]
    static let away: [UInt8] = [2]

    let repository = InMemoryAuthenticationRepository()
    let mint = FakeMint()
    let checker = FakeChecker()
    let observer = RecordingObserver()
    let events = RecordingAuthenticationEvents()
    let clock = SettableClock(at: Timestamp(microsecondsSince1970: 1_795_380_360_123_456))
    let service: Service

    /// - Parameter accounts: Who is there.
    init(
        _ accounts: [Account] = [.sample()],
        throttle: LoginThrottle? = LoginThrottle()
    ) {
        var settings = AuthenticationSettings()
        settings.throttle = throttle
        service = Service(
            repository: repository, mint: mint, passwords: checker, access: observer,
            events: events, settings: settings, clock: clock.wallClock,
            ids: UUIDv7Generator(clock: clock.wallClock, entropy: .seeded(7)))
        for account in accounts { repository.add(account) }
    }

    /// Logs in as the sample user, unless something else is told.
    func logIn(
        _ email: EmailAddress = Account.sample().email,
        _ password: String = Account.samplePassword, network: [UInt8] = home,
        tell: (LoginBudget) -> Void = { _ in }
    ) async throws(AuthenticationError) -> IssuedTokens {
        try await service.logIn(
            email, PasswordCandidate(password),
            from: ClientDetails(address: "192.0.2.1", userAgent: "test"), network: network,
            tell: tell)
    }

    /// What becomes of a login, in a word.
    func outcome(
        _ password: String = Account.samplePassword, network: [UInt8] = home
    ) async -> String {
        await outcomeOf { () async throws(AuthenticationError) in
            _ = try await self.logIn(Account.sample().email, password, network: network)
        }
    }

    /// How many failures count for the sample user's address.
    var failureCount: Int64 {
        let code = FakeMint.code(of: Array(Account.sample().email.key.utf8))
        return repository.inspect { $0.book.failureCount(ofAddress: code) }
    }

    /// The claims of an access token.
    func claims(of token: String) async throws -> TokenClaims? {
        try await mint.claims(of: Array(token.utf8), at: clock.now)
    }
}

/// What becomes of something, in a word.
func outcomeOf(_ work: () async throws(AuthenticationError) -> Void) async -> String {
    do throws(AuthenticationError) {
        try await work()
        return "done"
    } catch {
        return error.word
    }
}

extension AuthenticationError {
    /// The case, without causes.
    var word: String {
        switch self {
        case .invalidCredentials: "invalidCredentials"
        case .accountDisabled: "accountDisabled"
        case .invalidRefreshToken: "invalidRefreshToken"
        case .refreshTokenReused: "refreshTokenReused"
        case .sessionNotFound: "sessionNotFound"
        case .failed(.throttled(let seconds)): "throttled \(seconds)"
        case .failed(.unavailable(let reason, _)): "unavailable \(reason)"
        case .failed(.invalid(let faults)):
            faults.map { "\($0.pointer) \($0.code.rawValue)" }.joined(separator: ", ")
        case .failed(let error): "\(error)"
        }
    }
}
