import Glibc
import HTTP
import Testing

@testable import HTTPServer

/// The address that accept(2) would give for a peer at `text`, a numeric address.
private func peer(_ text: String) throws -> ClientAddress {
    var storage = sockaddr_storage()
    let family = text.contains(":") ? AF_INET6 : AF_INET
    storage.ss_family = sa_family_t(family)
    let code = withUnsafeMutableBytes(of: &storage) {
        inet_pton(family, text, $0.baseAddress?.advanced(by: family == AF_INET ? 4 : 8))
    }
    try #require(code == 1, "\(text) is no address.")
    return ClientAddress(storage)
}

@Suite("Connections of one client")
struct ClientCountsTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1", true),
        ("192.0.2.1", "192.0.2.2", false),
        ("192.0.2.1", "192.0.3.1", false),
        ("192.0.2.1", "::ffff:192.0.2.1", true),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", false),
        ("2001:db8:0:1::1", "2001:db8:0:1::1", true),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff", true),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", false),
        ("::1", "::2", true),
        ("0.0.0.0", "::", false),
        ("127.0.0.1", "::1", false),
        ("255.255.255.255", "::ffff:ffff:ffff", true),
    ])
    func `a client is an IPv4 address or an IPv6 network of 64 bits`(
        _ first: String, _ second: String, _ isSame: Bool
    ) throws {
        let networks = (try peer(first).network, try peer(second).network)
        #expect((networks.0 == networks.1) == isSame)
    }

    @Test func `a peer of a family without such addresses is a client too`() {
        var storage = sockaddr_storage()
        storage.ss_family = sa_family_t(AF_UNIX)
        #expect(ClientAddress(storage).network == ClientAddress(sockaddr_storage()).network)
    }

    /// What happens to a client: it opens a connection, which stays or not, or one ends.
    enum Event: Sendable {
        case opened(String, stays: Bool)
        case ended(String)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let events: [Event]
        /// How many clients are held in the end.
        let clientCount: Int
    }

    @Test(arguments: [
        Case(testDescription: "none", events: [], clientCount: 0),
        Case(
            testDescription: "as many as may be, and one more",
            events: [
                .opened("192.0.2.1", stays: true), .opened("192.0.2.1", stays: true),
                .opened("192.0.2.1", stays: false), .opened("192.0.2.1", stays: false),
            ], clientCount: 1),
        Case(
            testDescription: "others are not counted with it",
            events: [
                .opened("192.0.2.1", stays: true), .opened("192.0.2.1", stays: true),
                .opened("192.0.2.2", stays: true), .opened("2001:db8::1", stays: true),
            ], clientCount: 3),
        Case(
            testDescription: "an end makes room for one",
            events: [
                .opened("192.0.2.1", stays: true), .opened("192.0.2.1", stays: true),
                .ended("192.0.2.1"), .opened("192.0.2.1", stays: true),
                .opened("192.0.2.1", stays: false),
            ], clientCount: 1),
        Case(
            testDescription: "an end is counted for the whole network",
            events: [
                .opened("2001:db8::1", stays: true), .opened("2001:db8::2", stays: true),
                .opened("2001:db8::3", stays: false), .ended("2001:db8::1"),
                .opened("2001:db8::4", stays: true),
            ], clientCount: 1),
        Case(
            testDescription: "nothing is held of a client that is gone",
            events: [
                .opened("192.0.2.1", stays: true), .opened("192.0.2.1", stays: true),
                .opened("192.0.2.1", stays: false), .ended("192.0.2.1"), .ended("192.0.2.1"),
            ], clientCount: 0),
    ])
    func `each may have two at a time`(_ given: Case) throws {
        var counts = ClientCounts(connectionsMax: 2)
        for event in given.events {
            switch event {
            case .opened(let address, let stays):
                let peer = try peer(address)
                #expect(counts.connectionOpened(from: peer) == stays)
            case .ended(let address): try counts.connectionEnded(from: peer(address))
            }
        }
        #expect(counts.clientCount == given.clientCount)
    }
}
