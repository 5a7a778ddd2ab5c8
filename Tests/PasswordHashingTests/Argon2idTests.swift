import PasswordHashing
import Testing

@Suite("Argon2id, RFC 9106")
struct Argon2idTests {
    private let salt = [UInt8](repeating: 7, count: Argon2id.saltOctets)
    /// The least cost that the algorithm allows, so that the tests are quick.
    private let cheap: Argon2id

    init() throws {
        cheap = Argon2id(parameters: try Argon2idParameters(memoryKiB: 8, passes: 1, lanes: 1))
    }

    /// Published vectors of the reference implementation: password `password`, salt `somesalt`.
    struct Vector: Sendable, CustomTestStringConvertible {
        let memoryKiB: Int
        let lanes: Int
        let expected: String
        var testDescription: String { "\(memoryKiB) KiB, \(lanes) lanes" }
    }

    @Test(arguments: [
        Vector(
            memoryKiB: 256, lanes: 1,
            expected: "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$"
                + "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"),
        Vector(
            memoryKiB: 256, lanes: 2,
            expected: "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$"
                + "bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"),
        Vector(
            memoryKiB: 65_536, lanes: 1,
            expected: "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$"
                + "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"),
    ])
    func `a hash is the reference implementation's`(_ given: Vector) throws {
        let parameters = try Argon2idParameters(
            memoryKiB: given.memoryKiB, passes: 2, lanes: given.lanes)
        let hash = try Argon2id(parameters: parameters)
            .hash([UInt8]("password".utf8).span, salt: [UInt8]("somesalt".utf8).span)
        #expect(hash.rawValue == given.expected)
        #expect(hash.parameters == parameters)
    }

    @Test(arguments: ["", "p", "correct horse battery staple", "пароль 🔑", "a\u{0}b"])
    func `the right password is accepted and any other refused`(_ password: String) throws {
        let hash = try hashed(password)
        #expect(try accepts(password, hash))
        #expect(try !accepts(password + "x", hash))
        #expect(try !accepts("x" + password, hash))
        #expect(try accepts("", hash) == password.isEmpty)
    }

    @Test func `a password is not cut at a NUL`() throws {
        let hash = try hashed("a\u{0}b")
        #expect(try !accepts("a\u{0}c", hash))
    }

    @Test func `another salt gives another hash`() throws {
        let one = try hashed("password")
        let other = try hashed("password", salt: [UInt8](repeating: 8, count: 16))
        #expect(one != other)
    }

    @Test(arguments: ["m=64,t=1,p=1", "m=65,t=2,p=1", "m=65,t=1,p=2"])
    func `a hash whose parameters were altered does not verify`(_ altered: String) throws {
        let parameters = try Argon2idParameters(memoryKiB: 65, passes: 1, lanes: 1)
        let original = try Argon2id(parameters: parameters)
            .hash([UInt8]("password".utf8).span, salt: salt.span)
        let fields = original.rawValue.split(separator: "$", omittingEmptySubsequences: false)
        let changed = fields[0...2] + [Substring(altered)] + fields[4...]
        let hash = try Argon2idHash(parsing: changed.joined(separator: "$"))
        #expect(try !accepts("password", hash))
    }

    @Test(arguments: [4, 5])
    func `a hash whose salt or tag was altered does not verify`(_ field: Int) throws {
        let original = try hashed("password")
        var fields = original.rawValue.split(separator: "$", omittingEmptySubsequences: false)
        fields[field] = (fields[field].first == "A" ? "B" : "A") + fields[field].dropFirst()
        let hash = try Argon2idHash(parsing: fields.joined(separator: "$"))
        #expect(try !accepts("password", hash))
    }

    @Test func `a hash of other cost or shape is outdated, one made now is not`() throws {
        let hash = try hashed("password")
        let shortSalt = try hashed("password", salt: Array("somesalt".utf8))
        #expect(!cheap.isOutdated(hash))
        #expect(cheap.isOutdated(shortSalt))
        #expect(Argon2id().isOutdated(hash))
    }

    @Test(arguments: [0, 7, 65])
    func `a salt out of range is refused`(_ count: Int) {
        #expect(throws: PasswordHashingError.saltOutOfRange(octets: count)) {
            _ = try hashed("password", salt: [UInt8](repeating: 7, count: count))
        }
    }

    @Test func `the standard parameters are the least that OWASP names`() throws {
        let hash = try Argon2id().hash([UInt8]("password".utf8).span, salt: salt.span)
        #expect(hash.rawValue.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect((hash.saltOctets, hash.tagOctets) == (16, 32))
    }

    private func hashed(_ password: String, salt: [UInt8]? = nil) throws -> Argon2idHash {
        let salt = salt ?? self.salt
        return try cheap.hash(Array(password.utf8).span, salt: salt.span)
    }

    private func accepts(_ password: String, _ hash: Argon2idHash) throws -> Bool {
        try cheap.verify(Array(password.utf8).span, against: hash)
    }
}
