import Testing

@testable import HTTPServer

@Suite("Listener")
struct ListenerTests {
    @Test(arguments: ["127.0.0.1", "0.0.0.0", "::1"])
    func `a numeric address is bound to a port that the kernel chooses`(_ host: String) throws {
        let listener = try Listener(host: host, port: 0, backlog: 1)
        #expect((1...65_535).contains(listener.port))
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
