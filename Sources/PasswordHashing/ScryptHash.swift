import Crypto
import CryptoExtras

/// A stored scrypt hash as passlib writes it (`passlib.hash.scrypt`):
/// `$scrypt$ln=16,r=8,p=1$<salt>$<tag>`, salt and tag in base64 without padding.
package struct ScryptHash: Hashable, Sendable {
    /// The largest `r`. swift-crypto lets BoringSSL have one page of memory more than
    /// `128 · N · r · p`, which is too little for two blocks from 17 on.
    package static let blockSizeMax = 16
    /// Octets of the tag.
    package static let tagOctets = 32

    /// The cost that the text names.
    package let cost: ScryptCost
    private let salt: [UInt8]
    private let tag: [UInt8]

    /// Reads what follows `$scrypt$`.
    /// - Throws: ``PasswordHashingError/malformedHash`` or
    ///   ``PasswordHashingError/scryptCostOutOfRange(logN:blockSize:lanes:)``.
    init(fields: [Substring]) throws(PasswordHashingError) {
        guard fields.count == 3 else { throw .malformedHash }
        let members = fields[0].split(separator: ",", omittingEmptySubsequences: false)
        guard members.count == 3 else { throw .malformedHash }
        cost = try ScryptCost(
            logN: HashText.number(members[0], named: "ln="),
            blockSize: HashText.number(members[1], named: "r="),
            lanes: HashText.number(members[2], named: "p="))
        guard cost.blockSize <= Self.blockSizeMax else {
            throw .scryptCostOutOfRange(
                logN: cost.logN, blockSize: cost.blockSize, lanes: cost.lanes)
        }
        salt = try HashText.octets(ofBase64: fields[1], .plus)
        tag = try HashText.octets(ofBase64: fields[2], .plus)
        guard !salt.isEmpty, tag.count == Self.tagOctets else { throw .malformedHash }
    }

    /// Whether this hash was made from `password`; `SymmetricKey` compares in constant time.
    /// - Throws: ``PasswordHashingError/outOfResources``.
    func verify(_ password: Span<UInt8>) throws(PasswordHashingError) -> Bool {
        let octets = password.withUnsafeBufferPointer(Array.init)
        do {
            let derived = try KDF.Scrypt.deriveKey(
                from: octets, salt: salt, outputByteCount: tag.count, rounds: 1 << cost.logN,
                blockSize: cost.blockSize, parallelism: cost.lanes)
            return derived == SymmetricKey(data: tag)
        } catch {
            // The arguments were checked; what is left is that there was no memory.
            throw .outOfResources
        }
    }
}
