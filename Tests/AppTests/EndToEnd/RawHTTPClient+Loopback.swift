import Glibc
import HTTPTesting
import Testing

extension RawHTTPClient {
    /// Connects to a port of this machine from 127.0.0.`host`, ip(7).
    convenience init(fromLoopback host: UInt8, port: Int) throws {
        let number = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        try #require(number >= 0)
        try self.init(owning: number)
        for (host, port, call) in [(host, 0, bind), (1, port, connect)] {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            address.sin_addr.s_addr = (0x7f00_0000 | UInt32(host)).bigEndian
            let code = withUnsafeBytes(of: &address) { bytes in
                bytes.withMemoryRebound(to: sockaddr.self) {
                    call(number, $0.baseAddress, socklen_t(bytes.count))
                }
            }
            try #require(code == 0, "127.0.0.\(host), port \(port): \(errno)")
        }
    }
}
