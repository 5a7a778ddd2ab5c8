import Testing
import Tokens

@Suite("Signing keys")
struct SigningKeysTests {
    struct Refused: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let pem: String
        let expected: InvalidSigningKeys

        init(_ testDescription: String, _ pem: String, _ expected: InvalidSigningKeys) {
            self.testDescription = testDescription
            self.pem = pem
            self.expected = expected
        }
    }

    /// Keys of other kinds, by Python's cryptography 50.0.2.
    private static let others = [
        (
            "P-384, PKCS#8",
            Sample.pem(
                "PRIVATE KEY",
                """
                MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDCyncfObjFzaYz0dcWJ
                l/nWVqUpX72D+cdlxzyPhfndqg8Y8zKKoWGuISmYn+lIkXqhZANiAAQCxb5BUFcL
                lvEh9mz1m1vQvyLIE9D/3H4P80ii3jOp4WSwv0nquGwYIhJGBB8tJQ9W+DOcABSl
                NEXR4rHucNF+7imQxvobg7jOip6k7jGRiINnZReBUOB9/XZrGBfX5zE=
                """)
        ),
        (
            "P-384, public",
            Sample.pem(
                "PUBLIC KEY",
                """
                MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEAsW+QVBXC5bxIfZs9Ztb0L8iyBPQ/9x+
                D/NIot4zqeFksL9J6rhsGCISRgQfLSUPVvgznAAUpTRF0eKx7nDRfu4pkMb6G4O4
                zoqepO4xkYiDZ2UXgVDgff12axgX1+cx
                """)
        ),
        (
            "secp256k1, PKCS#8",
            Sample.pem(
                "PRIVATE KEY",
                """
                MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQg5mamNy2QaSYhpI2KsI4M
                MWZUxtYF6t/Ez21fiivJe5ehRANCAAQGEjdgGpqQf+FPWbW26l5euRFCN5XnUDi1
                YKI1zUIcB8t71eDUqSy5Mj+BQ7kIvmO40sjOPxt6nXTLWFHoWej2
                """)
        ),
        (
            "secp256k1, SEC 1",
            Sample.pem(
                "EC PRIVATE KEY",
                """
                MHQCAQEEIOZmpjctkGkmIaSNirCODDFmVMbWBerfxM9tX4oryXuXoAcGBSuBBAAK
                oUQDQgAEBhI3YBqakH/hT1m1tupeXrkRQjeV51A4tWCiNc1CHAfLe9Xg1KksuTI/
                gUO5CL5juNLIzj8bep10y1hR6Fno9g==
                """)
        ),
        (
            "secp256k1, public",
            Sample.pem(
                "PUBLIC KEY",
                """
                MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEBhI3YBqakH/hT1m1tupeXrkRQjeV51A4
                tWCiNc1CHAfLe9Xg1KksuTI/gUO5CL5juNLIzj8bep10y1hR6Fno9g==
                """)
        ),
        (
            "Ed25519, PKCS#8",
            Sample.pem(
                "PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEIKubXKZhH9VWBGWGuPi5tqWQ7j5rZ1xanHGpHCBdoc0y")
        ),
        (
            "a public key under a private key's label",
            Sample.publicKey.replacing("PUBLIC KEY", with: "PRIVATE KEY")
        ),
        (
            "a private key under a public key's label",
            Sample.pkcs8.replacing("PRIVATE", with: "PUBLIC")
        ),
        ("no lines", Sample.pem("PRIVATE KEY", "")),
        ("no base64", Sample.pem("PRIVATE KEY", "!!!!")),
        ("no DER", Sample.pem("PRIVATE KEY", "AAAA")),
        ("a damaged line", Sample.pkcs8.replacing("MIGHAgEA", with: "MIGHAgEB")),
        (
            "a missing line",
            Sample.pkcs8.split(separator: "\n").filter { !$0.hasPrefix("dZx") }
                .joined(separator: "\n")
        ),
        ("another label at the end", Sample.pkcs8.replacing("END PRIVATE", with: "END EC PRIVATE")),
        (
            "a space behind a line",
            Sample.pkcs8.replacing("dYhdZ", with: "dYhdZ ")
                .replacing("\n-----END", with: " \n-----END")
        ),
    ]

    private static let refused =
        others.map { Refused($0.0, Sample.pkcs8AndMore($0.1), .invalidKey(block: 2)) } + [
            Refused("nothing", "", .noKeys),
            Refused("blank lines", "\n \r\n\t\n", .noKeys),
            Refused("a line in front", "# Keys\n" + Sample.pkcs8, .strayLine(1)),
            Refused("a line behind", Sample.pkcs8 + "\nend", .strayLine(7)),
            Refused("a byte order mark", "\u{feff}" + Sample.pkcs8, .strayLine(1)),
            Refused("a block that is indented", " " + Sample.pkcs8, .strayLine(1)),
            Refused("no first line", String(Sample.pkcs8.dropFirst(28)), .strayLine(1)),
            Refused("no last line", String(Sample.pkcs8.dropLast(26)), .openBlock(1)),
            Refused(
                "a first line twice", "-----BEGIN PRIVATE KEY-----\n" + Sample.pkcs8,
                .invalidKey(block: 1)),
            Refused(
                "a last line twice", Sample.pkcs8 + "-----END PRIVATE KEY-----", .strayLine(6)),
            Refused("only a first line", "-----BEGIN PRIVATE KEY-----", .openBlock(1)),
            Refused(
                "a first line without its end",
                Sample.pkcs8.replacing("BEGIN PRIVATE KEY-----", with: "BEGIN PRIVATE KEY"),
                .unknownLabel(block: 1)),
            Refused(
                "parameters in front, of `openssl ecparam`",
                Sample.pem("EC PARAMETERS", "BggqhkjOPQMBBw==") + Sample.sec1,
                .unknownLabel(block: 1)),
            Refused(
                "an encrypted key", Sample.pem("ENCRYPTED PRIVATE KEY", "AAAA"),
                .unknownLabel(block: 1)),
            Refused(
                "a certificate", Sample.pkcs8 + Sample.pem("CERTIFICATE", "AAAA"),
                .unknownLabel(block: 2)),
            Refused("a public key first", Sample.publicKey, .firstKeyIsPublic),
            Refused(
                "a public key before a private one", Sample.publicKey + SigningKeys.makePEM(),
                .firstKeyIsPublic),
            Refused("a key twice", Sample.pkcs8 + Sample.pkcs8, .duplicateKey(block: 2)),
            Refused("a key in two forms", Sample.pkcs8 + Sample.sec1, .duplicateKey(block: 2)),
            Refused(
                "a key and its public part", Sample.sec1 + Sample.publicKey,
                .duplicateKey(block: 2)),
            Refused(
                "nine keys", (0..<9).map { _ in SigningKeys.makePEM() }.joined(), .tooManyKeys),
            Refused(
                "more octets than may be",
                Sample.pkcs8 + String(repeating: "\n", count: 64 * 1024), .tooLong),
        ]

    @Test(arguments: refused)
    func `what is no set of keys is refused`(_ given: Refused) {
        #expect(throws: given.expected) { try SigningKeys(pem: given.pem) }
    }

    @Test(arguments: refused)
    func `no error quotes what it refuses`(_ given: Refused) {
        let words = given.pem.split { "\n -".contains($0) }.filter { $0.count > 11 }
        for word in words {
            #expect(!given.expected.description.contains(word))
            #expect(!String(reflecting: given.expected).contains(word))
        }
    }

    @Test(arguments: [
        ("PKCS#8", Sample.pkcs8), ("SEC 1", Sample.sec1),
        ("line ends of Windows", Sample.pkcs8.replacing("\n", with: "\r\n")),
        ("blank lines", "\n\n" + Sample.pkcs8 + "\n \n"),
        ("no end of the last line", String(Sample.pkcs8.dropLast())),
    ])
    func `the set holds a key as jwcrypto has it, with its thumbprint`(
        _ form: String, _ pem: String
    ) throws {
        let text = String(decoding: try SigningKeys(pem: pem).jwks, as: UTF8.self)
        #expect(text == #"{"keys":[\#(Sample.jwk)]}"#)
    }

    @Test func `the set holds keys in their order, and none that is private`() throws {
        let (first, last) = (SigningKeys.makePEM(), SigningKeys.makePEM())
        let text = { (pem: String) throws in
            String(decoding: try SigningKeys(pem: pem).jwks, as: UTF8.self)
        }
        let member = { (pem: String) throws in try text(pem).dropFirst(9).dropLast(2) }
        #expect(
            try text(first + Sample.publicKey + last)
                == #"{"keys":[\#(try member(first)),\#(Sample.jwk),\#(try member(last))]}"#)
        #expect(!(try text(first + last)).contains(#""d":"#))
    }

    @Test func `eight keys are taken`() throws {
        let keys = try SigningKeys(pem: (0..<8).map { _ in SigningKeys.makePEM() }.joined())
        #expect(String(decoding: keys.jwks, as: UTF8.self).ranges(of: #""kid":"#).count == 8)
    }

    @Test func `a new key is PKCS#8, is taken, and is another one each time`() throws {
        let texts = (0..<20).map { _ in SigningKeys.makePEM() }
        #expect(Set(texts).count == texts.count)
        for text in texts {
            #expect(text.hasPrefix("-----BEGIN PRIVATE KEY-----\n") && text.hasSuffix("-----\n"))
            _ = try SigningKeys(pem: text)
        }
    }

    @Test func `the description of keys tells nothing of the private one`() throws {
        let keys = try SigningKeys(pem: Sample.pkcs8)
        var dumped = ""
        dump(keys, to: &dumped)
        // The private key begins with cf 1c 12 d7: in base64, in hexadecimal, in decimal digits.
        for text in [String(describing: keys), String(reflecting: keys), dumped] {
            for secret in ["zxwS11", "M8cEtdQ", "cf1c12d7", "207, 28, 18", "- 207\n"] {
                #expect(!text.lowercased().contains(secret.lowercased()))
            }
        }
    }
}

extension Sample {
    /// A good key, and something else behind it.
    fileprivate static func pkcs8AndMore(_ more: String) -> String { SigningKeys.makePEM() + more }
}
