/// Digits as octets, several at a time.
package enum Digits {
    /// `00` to `99`, one behind the other.
    private static let pairs: StaticString = """
        00010203040506070809101112131415161718192021222324252627282930313233343536373839\
        40414243444546474849505152535455565758596061626364656667686970717273747576777879\
        8081828384858687888990919293949596979899
        """

    /// Writes two decimal digits.
    /// - Parameter value: 0 to 99.
    @inline(__always)
    static func write(twoDigits value: Int, to start: UnsafeMutablePointer<UInt8>) {
        assert((0...99).contains(value), "\(value) has not two digits.")
        let pair = pairs.utf8Start + 2 * value
        start[0] = pair[0]
        start[1] = pair[1]
    }

    /// Most octets of a decimal number of 64 bits, its sign included.
    package static let decimalOctetsMax = 20

    /// Writes a number in decimal digits, without zeros in front, and returns how many octets it
    /// takes, at most ``decimalOctetsMax``.
    package static func write(
        decimal value: Int64, to start: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var next = start
        if value < 0 {
            next[0] = UInt8(ascii: "-")
            next += 1
        }
        var rest = value.magnitude
        var count = 1
        var bound: UInt64 = 10
        while count < 19, rest >= bound {
            count += 1
            bound *= 10
        }
        var index = count
        while index > 1 {
            index -= 2
            write(twoDigits: Int(rest % 100), to: next + index)
            rest /= 100
        }
        if index == 1 { next[0] = UInt8(ascii: "0") + UInt8(rest) }
        return next - start + count
    }

    /// Writes a number below 2³² in eight hexadecimal digits of lower case.
    @inline(__always)
    package static func write(hexadecimal value: UInt32, to start: UnsafeMutablePointer<UInt8>) {
        // One nibble to an octet, all eight at once.
        var octets = UInt64(value)
        octets = (octets | octets << 16) & 0x0000_FFFF_0000_FFFF
        octets = (octets | octets << 8) & 0x00FF_00FF_00FF_00FF
        octets = (octets | octets << 4) & 0x0F0F_0F0F_0F0F_0F0F
        // 1 where the nibble is ten or more, which is a letter.
        let letters = (octets + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        let text = octets + 0x3030_3030_3030_3030 + letters * 0x27
        UnsafeMutableRawPointer(start).storeBytes(of: text.bigEndian, as: UInt64.self)
    }

    /// The number whose eight hexadecimal digits, of either case, stand at `first` and `second`,
    /// four at each; nil if they are no such digits.
    @inline(__always)
    static func number(hexadecimal text: Span<UInt8>, _ first: Int, _ second: Int) -> UInt32? {
        let octets = text.bytes
        let high = octets.unsafeLoadUnaligned(fromByteOffset: first, as: UInt32.self)
        let low = octets.unsafeLoadUnaligned(fromByteOffset: second, as: UInt32.self)
        let word = UInt64(high.bigEndian) << 32 | UInt64(low.bigEndian)
        // A letter has the bit 0x40, and its last four bits are nine less than what it stands for.
        var nibbles =
            (word & 0x0F0F_0F0F_0F0F_0F0F) &+ (word >> 6 & 0x0101_0101_0101_0101) &* 9
        // Digits are what their number would be written as, but for the bit 0x20, in which the
        // cases of a letter differ. What has neither that bit nor 0x40 is no digit whatever it
        // would be with it, and a nibble beyond fifteen is one of no digit.
        let isLetter = (nibbles &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        let lowercased = nibbles &+ 0x3030_3030_3030_3030 &+ isLetter &* 0x27
        let bits: UInt64 = 0x2020_2020_2020_2020
        guard nibbles & 0xF0F0_F0F0_F0F0_F0F0 == 0, lowercased == word | bits,
            (word | word >> 1) & bits == bits
        else { return nil }
        nibbles = (nibbles | nibbles >> 4) & 0x00FF_00FF_00FF_00FF
        nibbles = (nibbles | nibbles >> 8) & 0x0000_FFFF_0000_FFFF
        return UInt32(truncatingIfNeeded: nibbles | nibbles >> 16)
    }

    /// Writes a number in sixteen hexadecimal digits of lower case.
    @inline(__always)
    package static func write(hexadecimal value: UInt64, to start: UnsafeMutablePointer<UInt8>) {
        write(hexadecimal: UInt32(truncatingIfNeeded: value >> 32), to: start)
        write(hexadecimal: UInt32(truncatingIfNeeded: value), to: start + 8)
    }

    /// A number in sixteen hexadecimal digits of lower case.
    package static func hexadecimal(_ value: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            guard let start = buffer.baseAddress else { return 0 }
            write(hexadecimal: value, to: start)
            return 16
        }
    }
}
