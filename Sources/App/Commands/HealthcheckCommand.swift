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

    /// Asks `GET /health` at the address and port of the configuration.
    /// - Throws: ``StartFailure`` for a malformed variable, ``Unhealthy`` for any answer but 200.
    package static func run(_ environment: Environment) throws {
        let status = try statusLine(at: try listenSettings(environment))
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
    private static func statusLine(at place: ListenSettings) throws(Unhealthy) -> String {
        let descriptor = FileDescriptor(owning: try connected(to: place))
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

    /// The address to connect to: one that listens everywhere listens here too.
    private static func host(of place: ListenSettings) -> String {
        switch place.host {
        case "0.0.0.0": "127.0.0.1"
        case "::": "::1"
        default: place.host
        }
    }

    private static func connected(to place: ListenSettings) throws(Unhealthy) -> CInt {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host(of: place), String(place.port), &hints, &found) == 0,
            let address = found
        else { throw Unhealthy(description: "HOST is no address: \(place.host)") }
        defer { freeaddrinfo(address) }
        let number = socket(address.pointee.ai_family, CInt(SOCK_STREAM.rawValue), 0)
        guard number >= 0 else { throw failure("socket") }
        var limit = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        guard connect(number, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else {
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
