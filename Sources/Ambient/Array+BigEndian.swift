extension [UInt8] {
    /// Appends the eight octets of a number, the most significant one first.
    package mutating func append(bigEndian value: UInt64) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
