extension [UInt8] {
    /// Appends the octets of a constant.
    @inline(__always)
    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { append(contentsOf: $0) }
    }

    /// Appends a number in decimal digits.
    mutating func appendDecimal(_ number: Int) {
        append(contentsOf: String(number).utf8)
    }

    /// Appends at least `width` digits of a number that is not negative, zeros first.
    mutating func appendDecimal(_ number: Int, width: Int) {
        if width > 1 || number > 9 { appendDecimal(number / 10, width: width - 1) }
        append(ASCII.zero + UInt8(truncatingIfNeeded: number % 10))
    }

    /// Makes sure that `count` octets can be appended without moving the others more than once.
    ///
    /// `reserveCapacity` alone would give exactly what is asked for, and a second call would move
    /// everything again.
    mutating func makeRoom(for count: Int) {
        let needed = self.count + count
        if needed > capacity { reserveCapacity(Swift.max(needed, 2 * capacity)) }
    }
}
