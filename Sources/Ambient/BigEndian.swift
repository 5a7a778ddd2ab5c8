extension [UInt8] {
    /// Appends the eight octets of a number, the most significant one first.
    package mutating func append(bigEndian value: UInt64) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}

extension UInt64 {
    /// The number that eight octets stand for, the most significant one first.
    package init(bigEndian octets: ArraySlice<UInt8>) {
        self = octets.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
