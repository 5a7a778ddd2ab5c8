import Glibc
import Reactor

/// `user-management healthcheck`: asks the running service for its health, for containers that
/// have no `curl`.
package enum HealthcheckCommand {
    /// Longest wait for the connection and for the answer, each.
    private static let timeoutSeconds = 3

    /// Why a service is not healthy, in one line.
    package struct Unhealthy: Error, CustomStringConvertible {
        /// The reason, such as the status line of the answer.
        package let description: String
    }

    /// Asks `GET /health` on the port of the configuration.
    /// - Throws: ``StartFailure`` for a malformed variable, ``Unhealthy`` for any answer but 200.
    package static func run(_ environment: Environment) throws {
        let port = try listenSettings(environment).port
        let status = try statusLine(port: port)
        guard status.hasPrefix("HTTP/1.1 200 ") else { throw Unhealthy(description: status) }
    }

    private static func listenSettings(
        _ environment: Environment
    ) throws(StartFailure) -> ListenSettings {
        do {
            return try ConfigurationReader.read(from: environment) {
                ListenSettings(reading: &$0)
            }
        } catch {
            throw .configuration(error)
        }
    }

    /// The first line of the service's answer.
    private static func statusLine(port: Int) throws(Unhealthy) -> String {
        let descriptor = FileDescriptor(owning: try connected(port: port))
        let request = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        let sent = send(
            descriptor.rawValue, request, request.utf8.count, CInt(MSG_NOSIGNAL))
        guard sent == request.utf8.count else { throw failure("send") }
        var answer = [UInt8](repeating: 0, count: 512)
        let count = recv(descriptor.rawValue, &answer, answer.count, CInt(MSG_WAITALL))
        guard count > 0 else { throw failure("recv") }
        let line = answer.prefix(count).prefix { $0 != UInt8(ascii: "\r") }
        return String(decoding: line, as: UTF8.self)
    }

    private static func connected(port: Int) throws(Unhealthy) -> CInt {
        let number = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        guard number >= 0 else { throw failure("socket") }
        var limit = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr(Application.host)
        let code = withUnsafeBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                connect(number, $0.baseAddress, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            let failure = failure("connect")
            close(number)
            throw failure
        }
        return number
    }

    private static func failure(_ call: String) -> Unhealthy {
        Unhealthy(description: "\(SystemError(call: call))")
    }
}
