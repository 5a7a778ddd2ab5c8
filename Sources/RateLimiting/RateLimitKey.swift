package import Ambient
package import HTTP

/// Whose quota it is: a value of fixed size, in which nobody is named other than by an address or
/// an id.
package enum RateLimitKey: Hashable, Sendable {
    /// A client's network; only ``network(of:)`` makes it, so that all of its addresses are one.
    case network(ClientAddress)
    /// A user.
    case user(UUID)

    /// The key of the network that an address is in.
    package static func network(of client: ClientAddress) -> RateLimitKey {
        .network(client.network)
    }

    /// Whether a ``QuotaTable`` bounds what all clients of the same site are admitted together.
    var hasSite: Bool {
        switch self {
        case .network(let network): !network.isIPv4
        case .user: false
        }
    }

    /// A hash of whom it can crowd out of a ``QuotaTable``: of a user, of an IPv4 address, of a
    /// whole site of IPv6. Its key is known to nobody (`Hasher`), so that nobody can aim at the
    /// place of somebody else.
    var placement: UInt {
        switch self {
        case .network(let network):
            UInt(bitPattern: (network.isIPv4 ? network.low : network.high >> 16).hashValue)
        case .user(let user): UInt(bitPattern: user.hashValue)
        }
    }
}
