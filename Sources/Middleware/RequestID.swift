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
            guard let start = buffer.baseAddress else { return 0 }
            Digits.write(hexadecimal: prefix, to: start)
            Digits.write(hexadecimal: number, to: start + 16)
            return 32
        }
    }
}

extension RequestFields {
    /// The client's own id for its request: 1 to 64 of `[A-Za-z0-9._-]`, else nil.
    var requestID: String? {
        guard let octets = octets(of: .requestID), (1...64).contains(octets.count),
            octets.allSatisfy(\.isRequestIDOctet)
        else { return nil }
        return String(decoding: octets, as: UTF8.self)
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
}
