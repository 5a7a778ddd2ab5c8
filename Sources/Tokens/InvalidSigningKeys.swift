/// Why a PEM text is not taken for signing keys. Blocks and lines are counted from 1; nothing of
/// what stands in them is told.
package enum InvalidSigningKeys: Error, Equatable {
    /// The text is longer than ``SigningKeys/octetCountMax``.
    case tooLong
    /// There is no block in the text.
    case noKeys
    /// There are more blocks than ``SigningKeys/countMax``.
    case tooManyKeys
    /// A line that is not blank stands outside of the blocks.
    case strayLine(Int)
    /// The text ends within a block.
    case openBlock(Int)
    /// A block says that it is something other than what we read.
    case unknownLabel(block: Int)
    /// A block is damaged, or its key is none on the curve P-256.
    case invalidKey(block: Int)
    /// A block holds the same key as one before it.
    case duplicateKey(block: Int)
    /// The first block, whose key is to sign, holds a public key.
    case firstKeyIsPublic
}

extension InvalidSigningKeys: CustomStringConvertible {
    /// What is wrong, in one English sentence for whoever wrote the file.
    package var description: String {
        switch self {
        case .tooLong: "The keys have more than \(SigningKeys.octetCountMax) octets."
        case .noKeys: "There is no PEM block."
        case .tooManyKeys: "There are more than \(SigningKeys.countMax) keys."
        case .strayLine(let line): "Line \(line) is neither blank nor within a PEM block."
        case .openBlock(let block): "PEM block \(block) has no END line."
        case .unknownLabel(let block):
            """
            PEM block \(block) is none of PRIVATE KEY, EC PRIVATE KEY and PUBLIC KEY; \
            `openssl ecparam` writes a block too many unless it is given `-noout`.
            """
        case .invalidKey(let block): "PEM block \(block) is damaged or no key on P-256."
        case .duplicateKey(let block): "PEM block \(block) repeats a key."
        case .firstKeyIsPublic: "The first key is to sign, so it has to be a private one."
        }
    }
}
