import Ambient
import Authentication
import JSONLogging
import Logging
import PasswordHashing
import Reactor
import Tracing
import Users

/// Hashes and verifies passwords on the threads of a pool, off the loops.
///
/// Each thread works on one password at a time, so they take as much memory as one hash for each
/// thread.
struct OffloadedPasswords: PasswordHasher, PasswordChecker {
    /// How long a password may wait for a thread; after that its client is better told to come
    /// again.
    private static let waitMax: Duration = .seconds(2)

    private let pool: OffloadPool
    private let argon2id: Argon2id
    private let verification: PasswordVerification
    private let metrics: PasswordMetrics
    /// Makes spans of the work for traced requests; nil if no request is traced.
    private let tracer: (any Tracer)?
    private let logger: Logger

    init(
        pool: OffloadPool, argon2id: Argon2id = Argon2id(), metrics: PasswordMetrics,
        tracer: (any Tracer)? = nil, logger: Logger
    ) {
        self.pool = pool
        self.metrics = metrics
        self.tracer = tracer
        self.argon2id = argon2id
        verification = PasswordVerification(argon2id: argon2id)
        self.logger = logger
    }

    func hash(_ password: Password) async throws(UserError) -> String {
        try await hash(password.revealed)
    }

    func hash(_ candidate: PasswordCandidate) async throws(UserError) -> String {
        try await hash(candidate.normalised)
    }

    private func hash(_ text: String) async throws(UserError) -> String {
        let argon2id = argon2id
        return try await run("hash password") { () throws(PasswordHashingError) in
            try argon2id.saltedHash(of: text)
        }
    }

    func check(
        _ candidate: PasswordCandidate, against hash: String?, of user: UserID?
    ) async throws(UserError) -> PasswordVerdict {
        let verification = verification
        do throws(UserError) {
            return try await run("verify password") { () throws(PasswordHashingError) in
                let typed = Array(candidate.typed.utf8)
                let normalised = Array(candidate.normalised.utf8)
                let verdict = try verification.verify(
                    normalised.span, typed: typed == normalised ? nil : typed.span, against: hash)
                switch verdict {
                case .wrong: return PasswordVerdict.wrong
                case .right: return .right
                case .rightButOutdated: return .rightButOutdated
                }
            }
        } catch .storage(let cause) {
            logger.error(
                "A stored password hash cannot be used", error: cause,
                metadata: user.map { .keyed([.userID: "\($0.uuid)"]) })
            return .wrong
        }
    }

    /// Runs `work` on a thread, unless too many wait already, as a span of the request.
    private func run<Value: Sendable>(
        _ name: String, _ work: @Sendable () throws(PasswordHashingError) -> Value
    ) async throws(UserError) -> Value {
        let span = startSpan(name)
        do throws(UserError) {
            let value = try await run(in: span, work)
            span?.end()
            return value
        } catch {
            span?.setStatus(SpanStatus(code: .error))
            span?.end()
            throw error
        }
    }

    private func startSpan(_ name: String) -> (any Span)? {
        guard let tracer, let context = InstrumentationContext.current else { return nil }
        return tracer.startSpan(name, context: context)
    }

    private func run<Value: Sendable>(
        in span: (any Span)?, _ work: @Sendable () throws(PasswordHashingError) -> Value
    ) async throws(UserError) -> Value {
        let metrics = metrics
        let asked = MonotonicTime.now
        let result: Result<Value, PasswordHashingError>?
        do {
            result = try await pool.run {
                let start = MonotonicTime.now
                metrics.waited(start - asked)
                guard start - asked < Self.waitMax else { return nil }
                span?.addEvent("thread found")
                defer { metrics.hashed(in: MonotonicTime.now - start) }
                do throws(PasswordHashingError) {
                    return .success(try work())
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            if error == .queueFull { metrics.rejected(.queueFull) }
            throw .unavailable(.overloaded, cause: error)
        }
        switch result {
        case nil:
            metrics.rejected(.deadline)
            throw .unavailable(.overloaded, cause: nil)
        case .success(let value): return value
        case .failure(.outOfResources): throw .unavailable(.overloaded, cause: nil)
        case .failure(let error): throw .storage(error)
        }
    }
}

extension Argon2id {
    /// The PHC string of a text under a salt of its own. It blocks for as long as a hash costs.
    func saltedHash(of text: String) throws(PasswordHashingError) -> String {
        let octets = Array(text.utf8)
        let salt = (0..<Self.saltOctets).map { _ in UInt8.random(in: .min ... .max) }
        return try hash(octets.span, salt: salt.span).rawValue
    }
}
