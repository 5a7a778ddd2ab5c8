/// A hash of 64 bits that is the same in each process, unlike `Hasher`'s: FNV-1a
/// (draft-eastlake-fnv). Whoever can choose what is hashed can make two things have the same.
package struct StableHash: Sendable {
    /// The hash.
    package let value: UInt64

    /// Makes the hash of octets.
    package init(_ octets: [UInt8]) {
        self.init(each: octets)
    }

    /// Makes the hash of a text's octets in UTF-8.
    package init(_ text: String) {
        self.init(each: text.utf8)
    }

    private init(each octets: some Sequence<UInt8>) {
        value = octets.reduce(0xcbf2_9ce4_8422_2325) { hash, octet in
            (hash ^ UInt64(octet)) &* 0x0000_0100_0000_01b3
        }
    }
}
