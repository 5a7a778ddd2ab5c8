extension [UInt8] {
    /// Appends what `write` puts at the pointer that it is given.
    ///
    /// Several things written in one go cost one check for room instead of one for each octet.
    /// - Parameters:
    ///   - countMax: Octets that there is room for.
    ///   - write: Writes from the pointer on and returns how many octets it has written, at most
    ///     `countMax`.
    @inlinable
    @inline(__always)
    package mutating func append(
        atMost countMax: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Int
    ) {
        append(addingCapacity: countMax) { (output: inout OutputSpan<UInt8>) in
            output.withUnsafeMutableBufferPointer { buffer, count in
                guard let start = buffer.baseAddress else { return }
                let written = write(start + count)
                assert(written <= countMax, "\(written) octets in room for \(countMax).")
                count += written
            }
        }
    }
}
