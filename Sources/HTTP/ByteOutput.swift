import Ambient

extension [UInt8] {
    /// Appends the octets of a constant.
    mutating func append(_ text: StaticString) {
        append(atMost: text.utf8CodeUnitCount) { start in
            start.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
            return text.utf8CodeUnitCount
        }
    }

    /// Appends a number in decimal digits.
    mutating func appendDecimal(_ number: Int) {
        append(atMost: Digits.decimalOctetsMax) { Digits.write(decimal: Int64(number), to: $0) }
    }

    /// Appends other octets.
    mutating func append(octets: [UInt8]) {
        octets.withUnsafeBufferPointer { octets in
            guard let first = octets.baseAddress else { return }
            append(atMost: octets.count) { start in
                start.update(from: first, count: octets.count)
                return octets.count
            }
        }
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
