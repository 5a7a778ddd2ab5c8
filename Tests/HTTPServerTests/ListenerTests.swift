import Glibc
import Reactor
import Testing

@testable import HTTPServer

@Suite("Listener")
struct ListenerTests {
    @Test(arguments: ["127.0.0.1", "0.0.0.0", "::1"])
    func `a numeric address is bound to a port that the kernel chooses`(_ host: String) throws {
        let listener = try Listener(host: host, port: 0, backlog: 1)
        let port = listener.port
        #expect((1...65_535).contains(port))
        #expect(listener.authority == (host == "::1" ? "[::1]:\(port)" : "\(host):\(port)"))
    }

    @Test func `a socket that listens is taken as it is, and shared`() throws {
        let own = try Listener(host: "127.0.0.1", port: 0, backlog: 1)
        let number = dup(own.descriptor.rawValue)
        #expect(fcntl(number, F_GETFD) & FD_CLOEXEC == 0)
        let passed = try Listener(passed: number)
        #expect(passed.descriptor.rawValue == number)
        #expect(fcntl(number, F_GETFD) & FD_CLOEXEC == FD_CLOEXEC)
        #expect(fcntl(number, F_GETFL) & O_NONBLOCK == O_NONBLOCK)
        let (address, ownAddress) = (passed.authority, own.authority)
        #expect(address == ownAddress)
        let (isShared, isOwnShared) = (passed.isShared, own.isShared)
        #expect(isShared && !isOwnShared)
    }

    @Test(arguments: [
        (AF_INET, SOCK_STREAM), (AF_INET, SOCK_DGRAM), (AF_UNIX, SOCK_STREAM),
    ])
    func `a socket that does not listen, or not to TCP, is refused by its number`(
        _ given: (family: CInt, type: __socket_type)
    ) {
        let number = socket(given.family, CInt(given.type.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(number) }
        #expect(throws: Listener.Failure.notListening(number)) {
            _ = try Listener(passed: number)
        }
    }

    @Test(arguments: ["localhost", "127.0.0.256", "", "example.com"])
    func `a name is refused as it was given`(_ host: String) {
        #expect(throws: Listener.Failure.malformedHost(host)) {
            _ = try Listener(host: host, port: 0, backlog: 1)
        }
    }

    @Test func `a port in use is refused by its number`() throws {
        let first = try Listener(host: "127.0.0.1", port: 0, backlog: 1)
        let port = first.port
        #expect(throws: Listener.Failure.portInUse(port)) {
            _ = try Listener(host: "127.0.0.1", port: port, backlog: 1)
        }
    }
}
