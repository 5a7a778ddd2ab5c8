import Ambient
import HTTP
import HTTPTesting
import Testing

@Suite("For whom a trusted proxy asks")
struct TrustedProxiesTests {
    private static let peer = "10.0.0.1"

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var peer = TrustedProxiesTests.peer
        let fields: [String]
        let expected: String

        init(_ fields: String..., from peer: String = TrustedProxiesTests.peer, is client: String) {
            testDescription = fields.joined(separator: " / ") + " from \(peer)"
            self.peer = peer
            self.fields = fields
            expected = client
        }
    }

    private static func proxies() throws -> TrustedProxies {
        TrustedProxies(
            try ["10.0.0.0/8", "192.0.2.7/32", "fd00::/8"].map {
                try #require(AddressRange(parsing: $0))
            })
    }

    /// The address that a text stands for, as a proxy that is trusted by its own address says it.
    private static func address(_ text: String) throws -> ClientAddress {
        let proxy = ClientAddress(v4: 0xc633_6401)
        let range = try #require(AddressRange(parsing: "198.51.100.1/32"))
        return TrustedProxies([range])
            .client(from: proxy, xForwardedFor: Array(text.utf8)[...], forwarded: nil)
    }

    private static let walks: [Case] = [
        Case(is: peer),
        Case("X-Forwarded-For: 203.0.113.9", is: "203.0.113.9"),
        Case("X-Forwarded-For: 203.0.113.9", from: "203.0.113.1", is: "203.0.113.1"),
        Case("X-Forwarded-For: 203.0.113.9", from: "11.0.0.1", is: "11.0.0.1"),
        Case("x-forwarded-for:203.0.113.9", from: "fd12::1", is: "203.0.113.9"),
        Case("X-Forwarded-For: 198.51.100.1, 203.0.113.9", is: "203.0.113.9"),
        Case("X-Forwarded-For: 203.0.113.9, 10.9.9.9", is: "203.0.113.9"),
        Case("X-Forwarded-For: 203.0.113.9 ,\t192.0.2.7,10.2.3.4", is: "203.0.113.9"),
        Case("X-Forwarded-For: 10.1.1.1, 10.2.2.2", is: "10.1.1.1"),
        Case("X-Forwarded-For: 198.51.100.1", "X-Forwarded-For: 203.0.113.9", is: "203.0.113.9"),
        Case("X-Forwarded-For: 203.0.113.9", "X-Forwarded-For: 10.2.2.2", is: "203.0.113.9"),
        Case("X-Forwarded-For: 203.0.113.9:4711", is: "203.0.113.9"),
        Case("X-Forwarded-For: 2001:db8::9", is: "2001:db8::9"),
        Case("X-Forwarded-For: [2001:db8::9]", is: "2001:db8::9"),
        Case("X-Forwarded-For: [2001:DB8:0::9]:4711", is: "2001:db8::9"),
        Case("X-Forwarded-For: ::ffff:203.0.113.9", is: "203.0.113.9"),
        Case("X-Forwarded-For: 203.0.113.9, ::ffff:10.2.2.2", is: "203.0.113.9"),
        Case("Forwarded: for=203.0.113.9", is: "203.0.113.9"),
        Case("Forwarded: FOR=\"203.0.113.9\"", is: "203.0.113.9"),
        Case("Forwarded: for=\"203.0.113.9:80\"", is: "203.0.113.9"),
        Case("Forwarded: for=\"203.0.113.9:_port-1\"", is: "203.0.113.9"),
        Case("Forwarded: for=\"[2001:db8::9]\"", is: "2001:db8::9"),
        Case("Forwarded: proto=https;For=\"[2001:db8::9]:4711\";by=_x", is: "2001:db8::9"),
        Case("Forwarded: for=203.0.113.9;host=\"a,b\", for=10.2.2.2", is: "203.0.113.9"),
        Case("Forwarded: for=198.51.100.1, for=203.0.113.9;proto=http", is: "203.0.113.9"),
        Case("Forwarded: for=203.0.113.9", "Forwarded: for=10.2.2.2", is: "203.0.113.9"),
        Case(
            "Forwarded: for=203.0.113.9", "X-Forwarded-For: 198.51.100.1, 203.0.113.9",
            is: "203.0.113.9"),
    ]

    /// What is no address ends the walk where it is; what cannot be right is believed in no part.
    private static let ends: [Case] =
        [
            "X-Forwarded-For:", "X-Forwarded-For: ,", "X-Forwarded-For: unknown",
            "X-Forwarded-For: _hidden", "X-Forwarded-For: localhost", "X-Forwarded-For: 203.0.113",
            "X-Forwarded-For: 203.0.113.256", "X-Forwarded-For: 203.0.113.09",
            "X-Forwarded-For: 203.0.113.9:", "X-Forwarded-For: 203.0.113.9:123456",
            "X-Forwarded-For: 203.0.113.9:+80", "X-Forwarded-For: 203.0.113.9 80",
            "X-Forwarded-For: \"203.0.113.9\"", "X-Forwarded-For: [203.0.113.9]",
            "X-Forwarded-For: 2001:db8::9::", "X-Forwarded-For: 2001:db8::9%eth0",
            "X-Forwarded-For: [2001:db8::9", "X-Forwarded-For: [2001:db8::9]x",
            "X-Forwarded-For: 203.0.113.9,", "X-Forwarded-For: 203.0.113.9, unknown",
            "X-Forwarded-For: 203.0.113.9; 10.0.0.1", "Forwarded:", "Forwarded: for=",
            "Forwarded: for=unknown", "Forwarded: for=_hidden", "Forwarded: for=\"_hidden:80\"",
            "Forwarded: by=203.0.113.9", "Forwarded: 203.0.113.9", "Forwarded: for =203.0.113.9",
            "Forwarded: for=203.0.113.9:80", "Forwarded: for=[2001:db8::9]",
            "Forwarded: for=2001:db8::9", "Forwarded: for=\"2001:db8::9\"",
            "Forwarded: for=203.0.113.9;for=203.0.113.9", "Forwarded: for=203.0.113.9;",
            "Forwarded: for=203.0.113.9;;proto=http", "Forwarded: for=203.0.113.9;proto",
            "Forwarded: for=\"203.0.113.9", "Forwarded: for=\"203.0.113.9\\\"", "Forwarded: \"",
            "Forwarded: for=203.0.113.9 for=10.0.0.1",
            // It is all one quoted string.
            "Forwarded: for=203.0.113.9;by=\"a, for=198.51.100.1\"x",
        ].map { Case($0, is: peer) } + [
            Case("X-Forwarded-For: 203.0.113.9, unknown, 10.2.2.2", is: "10.2.2.2"),
            Case("Forwarded: for=203.0.113.9, for=\"x\", for=10.2.2.2", is: "10.2.2.2"),
            Case("Forwarded: for=203.0.113.9", "X-Forwarded-For: 203.0.113.8", is: peer),
            Case("Forwarded: for=unknown", "X-Forwarded-For: 203.0.113.8", is: peer),
            Case("Forwarded: for=203.0.113.9", "X-Forwarded-For:", is: peer),
        ]

    @Test(arguments: walks + ends)
    func `the first address from the right that is no trusted proxy's`(_ given: Case) throws {
        let request = try Request("GET /", fields: given.fields)
        let client = try Self.proxies().client(
            of: request.head.fields, from: Self.address(given.peer))
        #expect(client.text == given.expected)
    }

    @Test(arguments: ["X-Forwarded-For: ", "Forwarded: for="])
    func `a request is followed through a hundred proxies and no more`(_ start: String) throws {
        let separator = start.hasPrefix("X") ? ", " : ", for="
        for (count, expected) in [(99, "203.0.113.9"), (100, "10.0.0.100"), (101, "10.0.0.100")] {
            let hops = ["203.0.113.9"] + (1...count).reversed().map { "10.0.0.\($0)" }
            let request = try Request(
                "GET /", fields: [start + hops.joined(separator: separator)])
            let client = try Self.proxies().client(
                of: request.head.fields, from: Self.address(Self.peer))
            #expect(client.text == expected)
        }
    }

    @Test func `nobody is trusted unless it is said`() throws {
        let nobody = TrustedProxies([])
        #expect(nobody.isEmpty)
        let request = try Request("GET /", fields: ["X-Forwarded-For: 203.0.113.9"])
        let peer = try Self.address(Self.peer)
        #expect(nobody.client(of: request.head.fields, from: peer) == peer)
    }

    /// Whatever a client sends: what the proxy behind it adds is read as if the client had sent
    /// nothing.
    @Test(arguments: 0..<20)
    func `nothing that a client sends changes what its proxy says`(_ seed: Int) throws {
        let random = Entropy.seeded(UInt64(seed))
        let pieces = [
            ",", " ", "\"", "\\", ";", "=", "for", "for=", "unknown", "203.0.113.1", "10.0.0.1",
            "[", "]", "::", ":80", "2001:db8::1", "_a", "\t", "x", "é",
        ]
        let proxies = try Self.proxies()
        let peer = try Self.address(Self.peer)
        let expected = try Self.address("198.51.100.7")
        for _ in 0..<2000 {
            let sent = (0..<random.next() % 12).map { _ in
                pieces[Int(random.next() % UInt64(pieces.count))]
            }.joined()
            let addresses = Array("\(sent), 198.51.100.7".utf8)
            let elements = Array("\(sent), for=\"198.51.100.7:80\";proto=https".utf8)
            #expect(
                proxies.client(from: peer, xForwardedFor: addresses[...], forwarded: nil)
                    == expected, "\(sent)")
            #expect(
                proxies.client(from: peer, xForwardedFor: nil, forwarded: elements[...])
                    == expected, "\(sent)")
        }
    }
}
