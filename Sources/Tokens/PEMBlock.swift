/// One block of a PEM text: the lines from `-----BEGIN` to `-----END` (RFC 7468 §2).
struct PEMBlock {
    private static let begin = "-----BEGIN "
    private static let end = "-----END "
    private static let dashes = "-----"

    private let lines: [Substring]

    /// What the first line says that the block holds; nil if it does not end as it must.
    var label: Substring? {
        guard let line = lines.first, line.hasSuffix(Self.dashes) else { return nil }
        return line.dropFirst(Self.begin.count).dropLast(Self.dashes.count)
    }

    /// The block as a text of its own. Nothing is known yet of what stands between the two lines.
    var text: String { lines.joined(separator: "\n") }

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
