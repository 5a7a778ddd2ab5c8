import CLibpq

extension Parameters {
    /// What stands before each value: its type and its length.
    private static let headLength = 8

    /// Hands out the values in the form that PQsendQueryPrepared takes; the pointers are good
    /// during the call of `body`.
    func withPointers<Result>(
        _ body: (
            _ count: CInt, _ values: UnsafePointer<UnsafePointer<CChar>?>?,
            _ lengths: UnsafePointer<CInt>?, _ formats: UnsafePointer<CInt>?
        ) -> Result
    ) -> Result {
        octets.withUnsafeBytes { octets in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) {
                values in
                withUnsafeTemporaryAllocation(of: CInt.self, capacity: 2 * count) { numbers in
                    var position = 0
                    for index in 0..<count {
                        let length = octets.bigEndian(at: position + 4) as Int32
                        position += Self.headLength
                        // An empty value still needs a pointer: null would say NULL.
                        let start = octets.baseAddress.map { $0 + position }
                        values.initializeElement(
                            at: index,
                            to: length < 0 ? nil : start?.assumingMemoryBound(to: CChar.self))
                        numbers.initializeElement(at: index, to: max(0, length))
                        numbers.initializeElement(at: count + index, to: 1)
                        position += Int(max(0, length))
                    }
                    return body(
                        CInt(count), values.baseAddress, numbers.baseAddress,
                        numbers.baseAddress.map { $0 + count })
                }
            }
        }
    }

    /// Hands out the values' types in the form that PQsendPrepare takes; the pointer is good during
    /// the call of `body`.
    func withTypes<Result>(
        _ body: (_ count: CInt, _ types: UnsafePointer<Oid>?) -> Result
    ) -> Result {
        octets.withUnsafeBytes { octets in
            withUnsafeTemporaryAllocation(of: Oid.self, capacity: count) { types in
                var position = 0
                for index in 0..<count {
                    types.initializeElement(at: index, to: octets.bigEndian(at: position))
                    let length = octets.bigEndian(at: position + 4) as Int32
                    position += Self.headLength + Int(max(0, length))
                }
                return body(CInt(count), types.baseAddress)
            }
        }
    }

    /// The octets of a `text[]`.
    static func octets(of texts: [String]) -> [UInt8] {
        var parameters = Parameters()
        // One with U+0000 is refused half-way, and what is there then equals no value.
        try? parameters.append(texts)
        return Array(parameters.octets.dropFirst(headLength))
    }
}

extension UnsafeRawBufferPointer {
    /// The number at `offset`, most significant octet first; all of it must be inside.
    func bigEndian<Value: FixedWidthInteger>(at offset: Int) -> Value {
        Value(bigEndian: loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
}
