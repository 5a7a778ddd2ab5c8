/// The addresses that begin with certain bits: a network in CIDR notation (RFC 4632 §3.1, RFC 4291
/// §2.3).
package struct AddressRange: Hashable, Sendable {
    private let first: ClientAddress
    /// How many of the 128 bits are the same for all, those in front of an IPv4 address included.
    private let bitCount: Int

    /// Parses an address, a slash and a number of bits, such as `10.0.0.0/8` or `fd00::/8`; nil for
    /// anything else, also if bits beyond that number are set: who writes `10.0.0.1/8` may mean
    /// either.
    package init?(parsing text: String) {
        let octets = Array(text.utf8)
        let bytes = octets.span
        guard let slash = bytes.firstIndex(of: ASCII.slash, in: bytes.indices) else { return nil }
        let digits = octets[(slash + 1)...]
        guard (1...3).contains(digits.count), digits.allSatisfy(ASCII.isDigit),
            digits.count == 1 || digits.first != ASCII.zero
        else { return nil }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - ASCII.zero) }
        if let address = AddressText.v4(bytes, 0..<slash) {
            guard number <= 32 else { return nil }
            first = ClientAddress(v4: address)
            bitCount = 96 + number
        } else {
            guard let address = AddressText.v6(bytes, 0..<slash), number <= 128 else {
                return nil
            }
            first = address
            bitCount = number
        }
        guard first.keeping(bitCount) == first else { return nil }
    }

    /// Whether an address is one of them. No network of IPv6 has IPv4 addresses among its own.
    package func contains(_ address: ClientAddress) -> Bool {
        address.keeping(bitCount) == first && address.isIPv4 == first.isIPv4
    }
}

extension ClientAddress {
    /// The address with only so many of its first bits.
    fileprivate func keeping(_ bitCount: Int) -> ClientAddress {
        ClientAddress(
            high: high & ~(UInt64.max >> min(bitCount, 64)),
            low: low & ~(UInt64.max >> max(bitCount - 64, 0)))
    }
}
