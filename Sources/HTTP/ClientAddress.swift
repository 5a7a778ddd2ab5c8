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
        isIPv4 ? self : ClientAddress(high: high, low: 0)
    }

    /// Whether it is an IPv4 address.
    package var isIPv4: Bool { high == 0 && low >> 32 == Self.mappedPrefix }

    /// Whether only hosts of the same machine, link or organisation have it: loopback, link-local,
    /// or private (RFC 1918 §3, RFC 3927 §2.1, RFC 4193 §3.1, RFC 4291 §2.5.3 and §2.5.6).
    package var isPrivate: Bool {
        guard isIPv4 else {
            let isLoopback = high == 0 && low == 1
            return isLoopback || high >> 57 == 0xfc >> 1 || high >> 54 == 0xfe80 >> 6
        }
        let address = UInt32(truncatingIfNeeded: low)
        return address >> 24 == 127 || address >> 24 == 10 || address >> 20 == 0xac1
            || address >> 16 == 0xc0a8 || address >> 16 == 0xa9fe
    }
}
