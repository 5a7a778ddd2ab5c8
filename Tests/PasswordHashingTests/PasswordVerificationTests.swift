import PasswordHashing
import Testing

@Suite("Passwords at a login")
struct PasswordVerificationTests {
    private let cheap: Argon2id
    private let verification: PasswordVerification

    init() throws {
        cheap = Argon2id(parameters: try Argon2idParameters(memoryKiB: 64, passes: 1, lanes: 1))
        verification = PasswordVerification(argon2id: cheap)
    }

    @Test func `the right password is right and another is wrong`() throws {
        let stored = try hashed("password", by: cheap)
        #expect(try verdict("password", stored) == .right)
        #expect(try verdict("passwore", stored) == .wrong)
        #expect(try verdict("", stored) == .wrong)
    }

    @Test func `a hash of other parameters is outdated once the password is right`() throws {
        let other = Argon2id(
            parameters: try Argon2idParameters(memoryKiB: 65, passes: 1, lanes: 1))
        let stored = try hashed("password", by: other)
        #expect(try verdict("password", stored) == .rightButOutdated)
        #expect(try verdict("passwore", stored) == .wrong)
    }

    @Test(
        arguments: ForeignHash.all.filter {
            $0.sample == .short && !$0.text.hasPrefix("$argon2id")
        })
    func `a hash of another system is outdated once the password is right`(
        _ given: ForeignHash
    ) throws {
        #expect(try verdict("password", given.text) == .rightButOutdated)
        #expect(try verdict("passwore", given.text) == .wrong)
    }

    @Test(arguments: ["", "password", "\u{0}"])
    func `without a hash every password is wrong`(_ password: String) throws {
        #expect(try verdict(password, nil) == .wrong)
    }

    @Test(arguments: [
        ("", PasswordHashingError.unknownFormat), ("$2b$31$x", .malformedHash),
        ("$2b$31$\(String(repeating: "a", count: 53))", .bcryptCostOutOfRange(31)),
        ("$pbkdf2$1$c2FsdA$aaaa", .digestTooWeak),
    ])
    func `a hash that cannot be used is an error`(
        _ stored: String, _ expected: PasswordHashingError
    ) {
        #expect(throws: expected) { _ = try verdict("password", stored) }
    }

    /// Made with libpass 1.9.4 from the password as typed and from its NFKC.
    @Test func `imported hashes are verified as typed and normalised, ours normalised`() throws {
        let (typed, normalised) = ("nai\u{308}ve \u{fb01}sh", "na\u{ef}ve fish")
        let ofTyped = "$pbkdf2-sha256$10$c29tZXNhbHQ$pGMGTAiXRp.INafxRvLa/6zw8E4mPXIXcsHHtO8jiIU"
        let ofNormalised =
            "$pbkdf2-sha256$10$c29tZXNhbHQ$aCwqzvP5U6AEgO4JLMDYS2Jz56tcqNw4iFmK9cUhRGg"
        for stored in [ofTyped, ofNormalised] {
            #expect(try verdict(normalised, typed: typed, stored) == .rightButOutdated)
            #expect(try verdict(normalised, typed: "x", stored) != .right)
        }
        #expect(try verdict(normalised, ofTyped) == .wrong)
        #expect(try verdict(normalised, typed: typed, hashed(normalised, by: cheap)) == .right)
        #expect(try verdict(normalised, typed: typed, hashed(typed, by: cheap)) == .wrong)
    }

    private func hashed(_ password: String, by argon2id: Argon2id) throws -> String {
        let salt = [UInt8](repeating: 7, count: Argon2id.saltOctets)
        return try argon2id.hash(Array(password.utf8).span, salt: salt.span).rawValue
    }

    private func verdict(
        _ normalised: String, typed: String? = nil, _ stored: String?
    ) throws -> PasswordVerification.Verdict {
        let octets = Array(normalised.utf8)
        guard let typed else { return try verification.verify(octets.span, against: stored) }
        return try verification.verify(
            octets.span, typed: Array(typed.utf8).span, against: stored)
    }
}
