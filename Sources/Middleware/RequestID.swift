package import Ambient
import HTTP
import HTTPTypes
import Synchronization

/// Makes the ids of requests that bring none: 16 hexadecimal digits that tell processes apart,
/// then a count.
package final class RequestIDGenerator: Sendable {
    private let prefix: String
    private let count = Atomic<UInt64>(0)

    /// Makes a generator; `entropy` is asked once.
    package init(entropy: Entropy) {
        prefix = Self.hexadecimal(entropy.next(), digits: 16)
    }

    /// An id that no other request of this process has; any thread may ask.
    package func next() -> String {
        let number = count.add(1, ordering: .relaxed).newValue
        return prefix + Self.hexadecimal(number, digits: 8)
    }

    private static func hexadecimal(_ value: UInt64, digits: Int) -> String {
        String(unsafeUninitializedCapacity: digits) { buffer in
            for position in 0..<digits {
                let digit = UInt8(truncatingIfNeeded: value >> (4 * UInt64(digits - 1 - position)))
                let nibble = digit & 0xF
                buffer.initializeElement(
                    at: position,
                    to: nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10)
            }
            return digits
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
        withValueBytes(of: .requestID) { octets in
            guard (1...64).contains(octets.count) else { return nil }
            for index in octets.indices where !octets[index].isRequestIDOctet { return nil }
            return String(decoding: octets)
        } ?? nil
    }

    /// The trace id of `traceparent`: 32 lower-case hexadecimal digits, not all zero, else nil.
    var traceID: String? {
        withValueBytes(of: .traceparent) { octets in
            // version "-" trace-id "-" parent-id "-" flags; later versions may append more.
            guard octets.count >= 55, octets[2] == UInt8(ascii: "-"),
                octets[35] == UInt8(ascii: "-"), octets[52] == UInt8(ascii: "-"),
                !(octets[0] == UInt8(ascii: "f") && octets[1] == UInt8(ascii: "f"))
            else { return nil }
            var isZero = true
            for index in 0..<55 where ![2, 35, 52].contains(index) {
                guard octets[index].isLowerHexadecimal else { return nil }
                if (3..<35).contains(index), octets[index] != UInt8(ascii: "0") { isZero = false }
            }
            return isZero ? nil : String(decoding: octets.extracting(3..<35))
        } ?? nil
    }
}

extension String {
    fileprivate init(decoding octets: Span<UInt8>) {
        self = octets.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
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
