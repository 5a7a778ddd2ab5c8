/// A universally unique identifier: 128 bits (RFC 9562).
package struct UUID: Hashable, Comparable, Sendable {
    /// The first eight octets, most significant first.
    package let high: UInt64
    /// The last eight octets, most significant first.
    package let low: UInt64

    /// Makes an identifier from its two halves in network byte order.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Whether `left` sorts before `right`, octet by octet, as PostgreSQL sorts `uuid`.
    package static func < (left: UUID, right: UUID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}
