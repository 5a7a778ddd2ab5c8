import PasswordHashing
import Testing

@Suite("Stored hashes")
struct Argon2idHashTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let expected: PasswordHashingError
    }

    private static let salt = "c29tZXNhbHQ"
    private static let tag = "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"

    @Test func `a PHC string is taken apart`() throws {
        let text = "$argon2id$v=19$m=256,t=3,p=2$\(Self.salt)$\(Self.tag)"
        let hash = try Argon2idHash(parsing: text)
        #expect(hash.rawValue == text)
        let parameters = hash.parameters
        #expect((parameters.memoryKiB, parameters.passes, parameters.lanes) == (256, 3, 2))
        #expect((hash.saltOctets, hash.tagOctets) == (8, 32))
    }

    @Test(arguments: [
        malformed("nothing", ""),
        malformed("another algorithm", "$argon2i$v=19$m=256,t=2,p=1$\(salt)$\(tag)"),
        malformed("version 1.0", "$argon2id$v=16$m=256,t=2,p=1$\(salt)$\(tag)"),
        malformed("no version", "$argon2id$m=256,t=2,p=1$\(salt)$\(tag)"),
        malformed("text before it", "x$argon2id$v=19$m=256,t=2,p=1$\(salt)$\(tag)"),
        malformed("a field after it", "$argon2id$v=19$m=256,t=2,p=1$\(salt)$\(tag)$"),
        malformed("no tag", "$argon2id$v=19$m=256,t=2,p=1$\(salt)"),
        malformed("another order", "$argon2id$v=19$t=2,m=256,p=1$\(salt)$\(tag)"),
        malformed("a signed number", "$argon2id$v=19$m=+256,t=2,p=1$\(salt)$\(tag)"),
        malformed("a leading zero", "$argon2id$v=19$m=0256,t=2,p=1$\(salt)$\(tag)"),
        malformed("a number left out", "$argon2id$v=19$m=256,t=,p=1$\(salt)$\(tag)"),
        malformed("a number too long", "$argon2id$v=19$m=25600000000,t=2,p=1$\(salt)$\(tag)"),
        malformed("a key identifier", "$argon2id$v=19$m=256,t=2,p=1,keyid=x$\(salt)$\(tag)"),
        malformed("padded base64", "$argon2id$v=19$m=256,t=2,p=1$\(salt)=$\(tag)"),
        malformed("a NUL in the salt", "$argon2id$v=19$m=256,t=2,p=1$\(salt)\u{0}$\(tag)"),
        malformed("base64 with stray bits", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHR$\(tag)"),
        malformed("an impossible length", "$argon2id$v=19$m=256,t=2,p=1$\(salt)AA$\(tag)"),
        Case(
            testDescription: "more memory than allowed",
            text: "$argon2id$v=19$m=1048577,t=2,p=1$\(salt)$\(tag)",
            expected: .memoryOutOfRange(kibibytes: 1_048_577)),
        Case(
            testDescription: "more passes than allowed",
            text: "$argon2id$v=19$m=256,t=65,p=1$\(salt)$\(tag)",
            expected: .passesOutOfRange(65)),
        Case(
            testDescription: "more lanes than allowed",
            text: "$argon2id$v=19$m=256,t=2,p=17$\(salt)$\(tag)",
            expected: .lanesOutOfRange(17)),
        Case(
            testDescription: "a short salt",
            text: "$argon2id$v=19$m=256,t=2,p=1$c29tZXNh$\(tag)",
            expected: .saltOutOfRange(octets: 6)),
        Case(
            testDescription: "a short tag",
            text: "$argon2id$v=19$m=256,t=2,p=1$\(salt)$AAAAAA",
            expected: .tagOutOfRange(octets: 4)),
    ])
    func `a hash that may not be used is refused`(_ given: Case) {
        #expect(throws: given.expected) { _ = try Argon2idHash(parsing: given.text) }
    }

    @Test(arguments: [
        (7, 1, 1, PasswordHashingError.memoryOutOfRange(kibibytes: 7)),
        (15, 1, 2, .memoryOutOfRange(kibibytes: 15)),
        (1_048_577, 1, 1, .memoryOutOfRange(kibibytes: 1_048_577)),
        (-1, 1, 1, .memoryOutOfRange(kibibytes: -1)),
        (64, 0, 1, .passesOutOfRange(0)),
        (64, 65, 1, .passesOutOfRange(65)),
        (64, 1, 0, .lanesOutOfRange(0)),
        (640, 1, 17, .lanesOutOfRange(17)),
    ])
    func `parameters out of range are refused`(
        memoryKiB: Int, passes: Int, lanes: Int, expected: PasswordHashingError
    ) {
        #expect(throws: expected) {
            _ = try Argon2idParameters(memoryKiB: memoryKiB, passes: passes, lanes: lanes)
        }
    }

    private static func malformed(_ name: String, _ text: String) -> Case {
        Case(testDescription: name, text: text, expected: .malformedHash)
    }
}
