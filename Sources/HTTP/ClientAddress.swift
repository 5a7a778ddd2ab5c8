/// Where a connection comes from: an IPv6 address, or an IPv4 address in the form that IPv6 has for
/// it (RFC 4291 §2.5.5.2), so that a client is the same one on either kind of socket.
package struct ClientAddress: Hashable, Sendable {
    /// What stands before an IPv4 address in that form.
    private static let mappedPrefix: UInt64 = 0xffff

    /// The first 64 bits.
    package let high: UInt64
    /// The last 64 bits.
    package let low: UInt64

    /// Makes an IPv6 address of its two halves.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes an IPv4 address.
    package init(v4 address: UInt32) {
        self.init(high: 0, low: Self.mappedPrefix << 32 | UInt64(address))
    }

    /// `::`, for a client that has no such address.
    package static let unknown = ClientAddress(high: 0, low: 0)

    /// What counts as one client: an IPv4 address, or the first 64 bits of an IPv6 address, behind
    /// which a host may choose as it likes (RFC 4291 §2.5.4).
    package var network: ClientAddress {
        let isMapped = high == 0 && low >> 32 == Self.mappedPrefix
        return isMapped ? self : ClientAddress(high: high, low: 0)
    }
}
