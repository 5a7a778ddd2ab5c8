import Glibc

/// Where a connection comes from: an IPv6 address, or an IPv4 address in the form that IPv6 has for
/// it (RFC 4291 §2.5.5.2), so that a client is the same one on either kind of socket.
struct PeerAddress: Hashable, Sendable {
    /// What stands before an IPv4 address in that form.
    private static let mappedPrefix: UInt64 = 0xffff

    private let high: UInt64
    private let low: UInt64

    /// The address that accept(2) left; `::` for one of another family.
    init(_ storage: sockaddr_storage) {
        (high, low) = withUnsafeBytes(of: storage) { bytes in
            func field<Value: FixedWidthInteger>(at offset: Int, as type: Value.Type) -> UInt64 {
                UInt64(Value(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type)))
            }
            // Behind the family and the port, and in IPv6 behind the flow too.
            return switch CInt(storage.ss_family) {
            case AF_INET: (0, Self.mappedPrefix << 32 | field(at: 4, as: UInt32.self))
            case AF_INET6: (field(at: 8, as: UInt64.self), field(at: 16, as: UInt64.self))
            default: (0, 0)
            }
        }
    }

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// What counts as one client: an IPv4 address, or the first 64 bits of an IPv6 address, behind
    /// which a host may choose as it likes (RFC 4291 §2.5.4).
    var network: PeerAddress {
        let isMapped = high == 0 && low >> 32 == Self.mappedPrefix
        return isMapped ? self : PeerAddress(high: high, low: 0)
    }
}
