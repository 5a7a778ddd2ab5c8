import PasswordHashing
import RandomTesting
import Testing

/// Hashes with one or two of their characters changed.
@Suite("Altered hashes")
struct StoredHashMutationTests {
    /// How many alterations of each hash are tried.
    private static let mutationCount = 200

    /// One hash of each format, but for those that cost most.
    static let originals = ForeignHash.all.filter {
        $0.sample == .short && !$0.text.hasPrefix("$y$j9T") && !$0.text.hasPrefix("$7$B")
    }

    @Test(arguments: originals)
    func `an altered hash verifies nothing and is never more than an error`(
        _ given: ForeignHash
    ) {
        var generator = SeededGenerator(seed: 20_260_101)
        let password = Array(given.sample.text.utf8)
        for _ in 0..<Self.mutationCount {
            let text = Self.altered(given.text, using: &generator)
            guard Self.withoutVersion(text) != Self.withoutVersion(given.text) else { continue }
            do throws(PasswordHashingError) {
                let hash = try StoredHash(parsing: text)
                // What costs much more than the original is read, and not computed here.
                guard !Self.isCostly(text) else { continue }
                let isAccepted = try hash.verify(password: password.span)
                #expect(!isAccepted, "\(text)")
            } catch {
                #expect(error != .outOfResources, "\(text)")
            }
        }
    }

    /// `$2a$`, `$2b$` and `$2y$` are one algorithm, and of one hash there are three texts.
    private static func withoutVersion(_ text: String) -> String {
        ["$2a$", "$2b$", "$2y$"].contains(text.prefix(4)) ? "$2$\(text.dropFirst(4))" : text
    }

    private static func isCostly(_ text: String) -> Bool {
        let cost = text.split(separator: "$").dropFirst().first ?? ""
        return (text.hasPrefix("$2") && cost != "04")
            || (cost.hasPrefix("rounds=") && cost.count > "rounds=10000".count)
            || (text.hasPrefix("$pbkdf2") && cost.count > 5)
    }

    private static func altered(_ text: String, using generator: inout SeededGenerator) -> String {
        var octets = Array(text.utf8)
        for _ in 0...Int.random(in: 0...1, using: &generator) {
            let index = octets.indices.randomElement(using: &generator) ?? 0
            // All of ASCII, and NUL, but mostly what hashes are made of.
            let alphabet = Array("./0123456789ABCXYZabcxyz+$=,\u{0} \u{7f}".utf8)
            let octet = alphabet.randomElement(using: &generator) ?? 0
            switch Int.random(in: 0...9, using: &generator) {
            case 0: octets.remove(at: index)
            case 1: octets.insert(octet, at: index)
            case 2: octets.swapAt(index, octets.count - 1)
            case 3: octets.removeLast(octets.count - max(1, index))
            case 4: octets[index] ^= 1 << UInt8.random(in: 0...6, using: &generator)
            default: octets[index] = octet
            }
        }
        return String(decoding: octets, as: UTF8.self)
    }
}
