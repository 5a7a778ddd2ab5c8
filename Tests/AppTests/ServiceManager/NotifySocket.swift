import Glibc
import Logging
import Reactor
import Testing

@testable import App

/// Where a service manager would hear how the service fares.
final class NotifySocket: Sendable {
    private let descriptor: FileDescriptor
    private let address: String
    private let thread: OffloadPool

    init() throws {
        let name = "user-management-test-\(UInt64.random(in: .min ... .max))"
        let number = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        try #require(number >= 0)
        descriptor = FileDescriptor(owning: number)
        address = "@" + name
        thread = try OffloadPool(name: "notified", threads: 1, queueMax: 1)
        var bound = sockaddr_un()
        bound.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &bound.sun_path) { path in
            path[1...].copyBytes(from: Array(name.utf8))
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + 1 + name.utf8.count)
        let code = withUnsafeBytes(of: bound) { bytes in
            bind(number, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, length)
        }
        try #require(code == 0)
    }

    /// Whoever tells its news here.
    func manager(watchdogMicroseconds: String? = nil) -> ServiceManager {
        var variables = ManagerVariables()
        variables.notifySocket = address
        variables.watchdogMicroseconds = watchdogMicroseconds
        return ServiceManager(
            variables, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Holds the calling thread until there is news.
    func block() {
        var octet: UInt8 = 0
        _ = recv(descriptor.rawValue, &octet, 1, 0)
    }

    /// The next piece of news; nil if there is none in time.
    func next(within milliseconds: CInt = 60_000) async throws -> String? {
        let number = descriptor.rawValue
        return try await thread.run {
            var request = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
            guard poll(&request, 1, milliseconds) == 1 else { return nil }
            var octets = [UInt8](repeating: 0, count: 1024)
            let count = recv(number, &octets, octets.count, 0)
            return String(decoding: octets.prefix(max(0, count)), as: UTF8.self)
        }
    }
}
