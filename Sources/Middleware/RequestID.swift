package import Ambient
import HTTP
import HTTPTypes
import Synchronization

/// Makes the ids of requests that bring none: 16 hexadecimal digits that tell processes apart,
/// then a count in as many.
package final class RequestIDGenerator: Sendable {
    private let prefix: UInt64
    private let count = Atomic<UInt64>(0)

    /// Makes a generator; `entropy` is asked once.
    package init(entropy: Entropy) { prefix = entropy.next() }

    /// An id that no other request of this process has; any thread may ask.
    package func next() -> String {
        let number = count.add(1, ordering: .relaxed).newValue
        return String(unsafeUninitializedCapacity: 32) { buffer in
            Self.write(prefix, to: buffer, at: 0)
            Self.write(number, to: buffer, at: 16)
            return 32
        }
    }

    /// Writes 16 hexadecimal digits.
    private static func write(
        _ value: UInt64, to buffer: UnsafeMutableBufferPointer<UInt8>, at start: Int
    ) {
        var rest = value
        for index in (start..<start + 16).reversed() {
            let nibble = UInt8(truncatingIfNeeded: rest & 0xF)
            let letter = UInt8(ascii: "a") - 10
            buffer[index] = nibble + (nibble < 10 ? UInt8(ascii: "0") : letter)
            rest >>= 4
        }
    }
}

extension HTTPField.Name {
    /// The trace that a request belongs to, W3C Trace Context §3.2.
    static let traceparent = HTTPField.Name(constant: "traceparent")
}

extension RequestFields {
    /// The client's own id for its request: 1 to 64 of `[A-Za-z0-9._-]`, else nil.
    var requestID: String? {
        guard let octets = octets(of: .requestID), (1...64).contains(octets.count),
            octets.allSatisfy(\.isRequestIDOctet)
        else { return nil }
        return String(decoding: octets, as: UTF8.self)
    }

    /// The trace id of `traceparent`: 32 lower-case hexadecimal digits, not all zero, else nil.
    ///
    /// The field is `version "-" trace-id "-" parent-id "-" flags`; versions after 00 may append
    /// more behind a further hyphen (W3C Trace Context §3.2.2 and §4.3).
    var traceID: String? {
        guard let value = octets(of: .traceparent) else { return nil }
        let octets = value.span
        let (version, traceID, parentID, flags) = (0..<2, 3..<35, 36..<52, 53..<55)
        guard octets.count >= flags.upperBound,
            octets.isLowerHexadecimal(version), octets.isHyphen(version.upperBound),
            octets.isLowerHexadecimal(traceID), octets.isHyphen(traceID.upperBound),
            octets.isLowerHexadecimal(parentID), octets.isHyphen(parentID.upperBound),
            octets.isLowerHexadecimal(flags),
            !octets.consists(of: UInt8(ascii: "f"), in: version),
            !octets.consists(of: UInt8(ascii: "0"), in: traceID),
            !octets.consists(of: UInt8(ascii: "0"), in: parentID)
        else { return nil }
        if octets.count > flags.upperBound {
            let isFirstVersion = octets.consists(of: UInt8(ascii: "0"), in: version)
            guard !isFirstVersion, octets.isHyphen(flags.upperBound) else { return nil }
        }
        return octets.extracting(traceID).withUnsafeBufferPointer {
            String(decoding: $0, as: UTF8.self)
        }
    }
}

extension Span<UInt8> {
    fileprivate func isHyphen(_ index: Int) -> Bool { self[index] == UInt8(ascii: "-") }

    fileprivate func isLowerHexadecimal(_ range: Range<Int>) -> Bool {
        range.allSatisfy { self[$0].isLowerHexadecimal }
    }

    fileprivate func consists(of octet: UInt8, in range: Range<Int>) -> Bool {
        range.allSatisfy { self[$0] == octet }
    }
}

extension UInt8 {
    fileprivate var isRequestIDOctet: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }

    fileprivate var isLowerHexadecimal: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
    }
}
