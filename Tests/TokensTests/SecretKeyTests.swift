import Testing
import Tokens

@Suite("Keys derived from the secret")
struct SecretKeyTests {
    private let secret = SecretKey(Array(0..<32))

    /// What Python's hmac and hashlib make of `abc`, with HKDF written out after RFC 5869.
    private static let codes: [(KeyPurpose, String)] = [
        (.cursors, "989cae175bb3c7d2fffa5cb2828f000dca6d3ffdb8d6d65449db192e768cecd8"),
        (.attempts, "3e813f327ca980311f29d3336a93005a07f0a8d373e9a908947a6f7a1fd0dd35"),
        (.contents, "cbf9a0cba1c04b4f86d16418f22a378c1f9e972672dc7e5f94756919d0a803c3"),
        (.refreshTokens, "711b2ab02d2d9647d741d36dd4dbe955deba77ccccd01fef47f1c5f4cba2dad5"),
        (.throttling, "7264b8cd79aab833c97fa1f9fe06454ba53876c53d324570846c95e8816f3a95"),
    ]

    @Test(arguments: codes)
    func `a key is that of RFC 5869, and its code that of RFC 2104`(
        _ purpose: KeyPurpose, _ expected: String
    ) {
        let code = secret.key(for: purpose).code(of: Array("abc".utf8))
        #expect(code == octets(of: expected))
    }

    @Test func `every purpose has its known code`() {
        #expect(Self.codes.map(\.0) == KeyPurpose.allCases)
    }

    @Test func `another secret makes other keys`() {
        let other = SecretKey(Array(1..<33))
        #expect(
            other.key(for: .cursors).code(of: [1]) != secret.key(for: .cursors).code(of: [1]))
    }

    @Test func `random secrets are long enough and differ`() {
        let secrets = (0..<100).map { _ in SecretKey.random() }
        #expect(secrets.allSatisfy { $0.count == SecretKey.octetCountMin })
        #expect(Set(secrets).count == secrets.count)
    }
}

@Suite("Sealed texts")
struct SealedTextTests {
    private let key = SecretKey(Array(0..<32)).key(for: .cursors)

    @Test func `the text is base64url of the code and the octets`() {
        #expect(
            key.text(sealing: Array("abc".utf8))
                == "mJyuF1uzx9L_-lyygo8ADcptP_241tZUSdsZLnaM7NhhYmM")
    }

    @Test(arguments: [0, 1, 2, 3, 4, 31, 32, 1024])
    func `the octets come back`(_ count: Int) {
        let octets = (0..<count).map { UInt8(truncatingIfNeeded: 251 &* $0) }
        let text = key.text(sealing: octets)
        #expect(key.octets(sealedIn: text).map(Array.init) == octets)
        #expect(text.utf8.allSatisfy { "-_".utf8.contains($0) || isLetterOrDigit($0) })
    }

    @Test(arguments: [0, 1, 2, 31])
    func `a text in which any bit was changed is refused`(_ count: Int) {
        let text = Array(key.text(sealing: Array(repeating: 7, count: count)).utf8)
        for index in text.indices {
            for bit in 0..<7 {
                var altered = text
                altered[index] ^= 1 << UInt8(bit)
                let given = String(decoding: altered, as: UTF8.self)
                #expect(key.octets(sealedIn: given) == nil, "letter \(index), bit \(bit)")
            }
        }
    }

    @Test(arguments: [0, 1, 2, 3])
    func `a text that was cut or lengthened is refused`(_ count: Int) {
        let text = key.text(sealing: Array(repeating: 7, count: count))
        for length in 0..<text.utf8.count {
            #expect(key.octets(sealedIn: String(text.prefix(length))) == nil, "\(length) letters")
        }
        for more in ["A", "=", "==", "AA", "AAA", "AAAA", " ", "\n", "\u{0}", "é"] {
            #expect(key.octets(sealedIn: text + more) == nil, "more: \(more.debugDescription)")
            #expect(key.octets(sealedIn: more + text) == nil, "before: \(more.debugDescription)")
        }
    }

    @Test func `what another key has sealed is refused`() {
        let secret = SecretKey(Array(0..<32))
        #expect(key.octets(sealedIn: secret.key(for: .attempts).text(sealing: [1])) == nil)
        let other = SecretKey(Array(1..<33)).key(for: .cursors)
        #expect(key.octets(sealedIn: other.text(sealing: [1])) == nil)
    }
}

private func isLetterOrDigit(_ octet: UInt8) -> Bool {
    Unicode.Scalar(octet).properties.isAlphabetic || (0x30...0x39).contains(octet)
}

/// The octets that hexadecimal digits stand for.
private func octets(of digits: String) -> [UInt8] {
    let digits = Array(digits)
    return stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(digits[$0...$0 + 1]), radix: 16)
    }
}
