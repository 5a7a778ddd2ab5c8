import Glibc
import HTTP

extension ClientAddress {
    /// The address that accept(2) left; `::` for one of another family.
    init(_ storage: sockaddr_storage) {
        self = withUnsafeBytes(of: storage) { bytes in
            func field<Value: FixedWidthInteger>(at offset: Int, as type: Value.Type) -> Value {
                Value(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
            }
            // Behind the family and the port, and in IPv6 behind the flow too.
            return switch CInt(storage.ss_family) {
            case AF_INET: ClientAddress(v4: field(at: 4, as: UInt32.self))
            case AF_INET6:
                ClientAddress(
                    high: field(at: 8, as: UInt64.self), low: field(at: 16, as: UInt64.self))
            default: .unknown
            }
        }
    }
}
