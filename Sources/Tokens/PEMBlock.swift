/// One block of a PEM text: the lines from `-----BEGIN` to `-----END` (RFC 7468 §2).
struct PEMBlock {
    private static let begin = "-----BEGIN "
    private static let end = "-----END "
    private static let dashes = "-----"

    /// The object identifier of P-256, 1.2.840.10045.3.1.7, in DER (RFC 5480 §2.1.1.1).
    private static let p256: [UInt8] = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]

    private let lines: [Substring]

    /// What the first line says that the block holds; nil if it does not end as it must.
    var label: Substring? {
        guard let line = lines.first, line.hasSuffix(Self.dashes) else { return nil }
        return line.dropFirst(Self.begin.count).dropLast(Self.dashes.count)
    }

    /// The block as a text of its own. Nothing is known yet of what stands between the two lines.
    var text: String { lines.joined(separator: "\n") }

    /// Whether the block names the curve P-256. swift-crypto does not look at the name that PKCS#8
    /// has, and would take a number that is a key on another curve for one on this.
    var namesP256: Bool {
        let base64 = lines.dropFirst().dropLast().joined()
        let letters = base64.replacing("+", with: "-").replacing("/", with: "_")
        return Base64URL.octets(of: letters.replacing("=", with: ""))?.contains(Self.p256) ?? false
    }

    /// The blocks of a text, which has nothing but blank lines around them.
    static func blocks(of text: String) throws(InvalidSigningKeys) -> [PEMBlock] {
        var blocks: [PEMBlock] = []
        var lines: [Substring] = []
        let all = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in all.enumerated() {
            if lines.isEmpty {
                if line.allSatisfy(\.isWhitespace) { continue }
                guard line.hasPrefix(begin) else { throw .strayLine(index + 1) }
            }
            lines.append(line)
            if line.hasPrefix(end) {
                blocks.append(PEMBlock(lines: lines))
                lines = []
            }
        }
        guard lines.isEmpty else { throw .openBlock(blocks.count + 1) }
        return blocks
    }
}
