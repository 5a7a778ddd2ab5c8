import Glibc
import Reactor

/// The address of a socket of this machine, unix(7): a path, or an abstract name.
struct UnixAddress: Sendable {
    /// The octets of `sun_path`.
    fileprivate let name: [UInt8]

    /// Reads an absolute path, or `@` and an abstract name, as `NOTIFY_SOCKET` has it; nil for
    /// anything else and for what is too long.
    init?(_ text: String) {
        var name = Array(text.utf8)
        guard name.count > 1, name.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path)
        else { return nil }
        switch name[0] {
        case UInt8(ascii: "/"): break
        case UInt8(ascii: "@"): name[0] = 0
        default: return nil
        }
        self.name = name
    }
}

/// A socket from which datagrams go to an address. It is opened once, so that a process that has
/// run out of descriptors can still tell how it fares.
final class UnixSender: Sendable {
    /// Longest wait for room in the receiver's queue, in seconds.
    private static let timeoutSeconds = 1

    private let address: UnixAddress
    private let descriptor: FileDescriptor

    init(to address: UnixAddress) throws(SystemError) {
        let type = SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue
        let number = socket(AF_UNIX, CInt(type), 0)
        guard number >= 0 else { throw SystemError(call: "socket") }
        descriptor = FileDescriptor(owning: number)
        self.address = address
        var limit = timeval(tv_sec: Self.timeoutSeconds, tv_usec: 0)
        setsockopt(
            number, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Sends a datagram. Safe from any thread.
    /// - Parameter waits: Blocks its thread for a second at most if there is no room: not for event
    ///   loops.
    func send(_ text: String, waits: Bool) throws(SystemError) {
        var target = sockaddr_un()
        target.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &target.sun_path) { $0.copyBytes(from: address.name) }
        let octets = Array(text.utf8)
        let length = MemoryLayout<sa_family_t>.size + address.name.count
        let sent = withUnsafeBytes(of: target) { bytes in
            sendto(
                descriptor.rawValue, octets, octets.count,
                CInt(MSG_NOSIGNAL | (waits ? 0 : MSG_DONTWAIT)),
                bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(length))
        }
        guard sent == octets.count else { throw SystemError(call: "sendto") }
    }
}
