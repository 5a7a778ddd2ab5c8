import HTTP
import Testing

@Suite("The addresses of clients")
struct ClientAddressTests {
    /// The first and the last address of a private block, and the neighbours on either side.
    struct Block: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let range: ClosedRange<UInt32>
    }

    @Test(arguments: [
        Block(testDescription: "10.0.0.0/8", range: 0x0a00_0000...0x0aff_ffff),
        Block(testDescription: "127.0.0.0/8", range: 0x7f00_0000...0x7fff_ffff),
        Block(testDescription: "169.254.0.0/16", range: 0xa9fe_0000...0xa9fe_ffff),
        Block(testDescription: "172.16.0.0/12", range: 0xac10_0000...0xac1f_ffff),
        Block(testDescription: "192.168.0.0/16", range: 0xc0a8_0000...0xc0a8_ffff),
    ])
    func `a private block of IPv4 ends where it ends`(_ block: Block) {
        let (first, last) = (block.range.lowerBound, block.range.upperBound)
        for address in [first, last] { #expect(ClientAddress(v4: address).isPrivate) }
        for address in [first - 1, last + 1] { #expect(!ClientAddress(v4: address).isPrivate) }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let high: UInt64
        var low: UInt64 = 1
        let isPrivate: Bool
    }

    @Test(arguments: [
        Case(testDescription: "::1", high: 0, isPrivate: true),
        Case(testDescription: "::, no address", high: 0, low: 0, isPrivate: false),
        Case(testDescription: "::2", high: 0, low: 2, isPrivate: false),
        Case(
            testDescription: "::10.0.0.1, not mapped", high: 0, low: 0x0a00_0001, isPrivate: false),
        Case(
            testDescription: "::fffe:10.0.0.1, not mapped", high: 0, low: 0xfffe_0a00_0001,
            isPrivate: false),
        Case(
            testDescription: "::1:ffff:10.0.0.1, not mapped", high: 0, low: 0x0001_ffff_0a00_0001,
            isPrivate: false),
        Case(testDescription: "1::1", high: 1 << 48, isPrivate: false),
        Case(testDescription: "fbff::", high: 0xfbff << 48, isPrivate: false),
        Case(testDescription: "fc00::", high: 0xfc00 << 48, low: 0, isPrivate: true),
        Case(
            testDescription: "fdff:…:ff", high: 0xfdff_ffff_ffff_ffff, low: .max, isPrivate: true),
        Case(testDescription: "fe00::", high: 0xfe00 << 48, isPrivate: false),
        Case(testDescription: "fe7f:…", high: 0xfe7f_ffff_ffff_ffff, isPrivate: false),
        Case(testDescription: "fe80::1", high: 0xfe80 << 48, isPrivate: true),
        Case(testDescription: "febf:…", high: 0xfebf_ffff_ffff_ffff, isPrivate: true),
        Case(testDescription: "fec0::", high: 0xfec0 << 48, isPrivate: false),
        Case(testDescription: "2001:db8::1", high: 0x2001_0db8 << 32, isPrivate: false),
    ])
    func `private addresses of IPv6`(_ given: Case) {
        #expect(ClientAddress(high: given.high, low: given.low).isPrivate == given.isPrivate)
    }

    @Test func `an IPv4 address is its own network, an IPv6 address one of 64 bits`() {
        let old = ClientAddress(v4: 0xc000_0201)
        #expect(old.isIPv4 && old.network == old)
        let new = ClientAddress(high: 0x2001_0db8_0000_0001, low: 7)
        #expect(!new.isIPv4 && new.network == ClientAddress(high: new.high, low: 0))
        #expect(!ClientAddress.unknown.isIPv4)
    }
}
