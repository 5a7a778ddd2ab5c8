import Ambient
import Testing
import Tokens

@Suite("Refresh tokens")
struct RefreshTokenTests {
    private let key = SecretKey(Array(0..<32)).key(for: .refreshTokens)
    private let token = RefreshToken(
        session: UUID(high: 0x019a_8c5e_7b1f_7cde, low: 0x8f00_0123_4567_89ab), counter: 1)

    /// What Python's hmac, hashlib and base64 make of a session and a counter.
    private static let texts: [(RefreshToken, String)] = [
        (
            RefreshToken(
                session: UUID(high: 0x019a_8c5e_7b1f_7cde, low: 0x8f00_0123_4567_89ab), counter: 0),
            "ur1_AZqMXnsffN6PAAEjRWeJqwAAAAAAAAAAGcISVUOOnTQvzuB5RabZKg"
        ),
        (
            RefreshToken(
                session: UUID(high: 0x019a_8c5e_7b1f_7cde, low: 0x8f00_0123_4567_89ab), counter: 1),
            "ur1_AZqMXnsffN6PAAEjRWeJqwAAAAAAAAABj8u90k81lFy1aA8D_Bl7wg"
        ),
        (
            RefreshToken(session: UUID(high: 0, low: 0), counter: .max),
            "ur1_AAAAAAAAAAAAAAAAAAAAAH__________pAA9Sj__4yMlA0tzSmHBJA"
        ),
        (
            RefreshToken(session: UUID(high: .max, low: .max), counter: -1),
            "ur1_________________________________JPy3Bt32GBw5EHZeUQ9i7A"
        ),
    ]

    @Test(arguments: texts)
    func `a token has one text, and the text that token`(
        _ token: RefreshToken, _ text: String
    ) {
        #expect(token.text(sealedWith: key) == text)
        #expect(RefreshToken(text, sealedWith: key) == token)
    }

    @Test func `a text in which any bit was changed is refused`() {
        let text = Array(token.text(sealedWith: key).utf8)
        for index in text.indices {
            for bit in 0..<8 {
                var altered = text
                altered[index] ^= 1 << UInt8(bit)
                let given = String(decoding: altered, as: UTF8.self)
                #expect(RefreshToken(given, sealedWith: key) == nil, "letter \(index), bit \(bit)")
            }
        }
    }

    @Test func `a text that was cut or lengthened is refused`() {
        let text = token.text(sealedWith: key)
        for length in 0..<text.utf8.count {
            #expect(RefreshToken(String(text.prefix(length)), sealedWith: key) == nil, "\(length)")
            #expect(RefreshToken(String(text.suffix(length)), sealedWith: key) == nil, "\(length)")
        }
        for more in ["A", "AA", "AAA", "AAAA", "=", "==", ".", " ", "\n", "\u{0}", "\u{301}"] {
            #expect(RefreshToken(text + more, sealedWith: key) == nil, "\(more.debugDescription)")
            #expect(RefreshToken(more + text, sealedWith: key) == nil, "\(more.debugDescription)")
        }
    }

    @Test(arguments: [
        "", "ur1_", "ur1", "ur2_", "UR1_", String(repeating: "A", count: 58),
        "ur1_" + String(repeating: "A", count: 54), "ur1_" + String(repeating: "A", count: 102_400),
        "ur1_" + String(repeating: "\u{fffd}", count: 18),
        "ur2_AZqMXnsffN6PAAEjRWeJqwAAAAAAAAABj8u90k81lFy1aA8D_Bl7wg",
        "AZqMXnsffN6PAAEjRWeJqwAAAAAAAAABj8u90k81lFy1aA8D_Bl7wg",
        "ur1_AZqMXnsffN6PAAEjRWeJqwAAAAAAAAABj8u90k81lFy1aA8D/Bl7wg",
    ])
    func `what is no token is refused`(_ text: String) {
        #expect(RefreshToken(text, sealedWith: key) == nil)
    }

    @Test func `what another key has sealed is refused`() {
        let secret = SecretKey(Array(0..<32))
        for purpose in KeyPurpose.allCases where purpose != .refreshTokens {
            let text = token.text(sealedWith: secret.key(for: purpose))
            #expect(RefreshToken(text, sealedWith: key) == nil, "\(purpose)")
        }
        let other = SecretKey(Array(1..<33)).key(for: .refreshTokens)
        #expect(RefreshToken(token.text(sealedWith: other), sealedWith: key) == nil)
    }
}
