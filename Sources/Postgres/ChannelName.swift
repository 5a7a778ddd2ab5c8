/// The name of a channel for `LISTEN` and `NOTIFY`: a lower-case letter or `_`, then at most 62
/// lower-case letters, digits and `_`.
///
/// It needs no escaping in SQL, and no quotation marks change its meaning.
package struct ChannelName: Hashable, Sendable {
    /// The name.
    package let rawValue: String

    /// Takes a constant, which must be such a name.
    package init(_ name: StaticString) {
        guard let channel = ChannelName(checking: name.description) else {
            preconditionFailure("No name of a channel: \(name).")
        }
        self = channel
    }

    /// Takes a name that is made while the program runs; nil if it is none.
    init?(checking name: String) {
        let octets = name.utf8
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        guard let first = octets.first, octets.count <= 63, !digits.contains(first),
            octets.allSatisfy({
                letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_")
            })
        else { return nil }
        rawValue = name
    }
}
