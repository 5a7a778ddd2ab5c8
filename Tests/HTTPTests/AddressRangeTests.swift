import HTTP
import Testing

@Suite("Networks in CIDR notation")
struct AddressRangeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var inside: [ClientAddress] = []
        var outside: [ClientAddress] = []
    }

    private static func v4(_ address: UInt32) -> ClientAddress { ClientAddress(v4: address) }

    private static func v6(_ high: UInt64, _ low: UInt64 = 0) -> ClientAddress {
        ClientAddress(high: high, low: low)
    }

    @Test(arguments: [
        Case(
            testDescription: "10.0.0.0/8", inside: [v4(0x0a00_0000), v4(0x0aff_ffff)],
            outside: [v4(0x09ff_ffff), v4(0x0b00_0000), v6(0x0a00_0000_0000_0000)]),
        Case(
            testDescription: "192.0.2.1/32", inside: [v4(0xc000_0201)],
            outside: [v4(0xc000_0200), v4(0xc000_0202)]),
        Case(
            testDescription: "0.0.0.0/0", inside: [v4(0), v4(.max)],
            outside: [v6(0), v6(.max, .max), v6(0, 0xfffe_ffff_ffff)]),
        Case(
            testDescription: "172.16.0.0/12", inside: [v4(0xac10_0000), v4(0xac1f_ffff)],
            outside: [v4(0xac0f_ffff), v4(0xac20_0000)]),
        Case(
            testDescription: "::/0", inside: [v6(0), v6(.max, .max), v6(0, 0xfffe_ffff_ffff)],
            outside: [v4(0), v4(.max)]),
        Case(
            testDescription: "fd00::/8", inside: [v6(0xfd00 << 48), v6(0xfdff << 48, .max)],
            outside: [v6(0xfc00 << 48), v6(0xfe00 << 48)]),
        Case(
            testDescription: "2001:db8:0:1::/64",
            inside: [v6(0x2001_0db8_0000_0001), v6(0x2001_0db8_0000_0001, .max)],
            outside: [v6(0x2001_0db8_0000_0000, .max), v6(0x2001_0db8_0000_0002)]),
        Case(
            testDescription: "2001:DB8::8000:0:0:0/65",
            inside: [v6(0x2001_0db8_0000_0000, 1 << 63), v6(0x2001_0db8_0000_0000, .max)],
            outside: [v6(0x2001_0db8_0000_0000, 1 << 63 - 1)]),
        Case(testDescription: "::1/128", inside: [v6(0, 1)], outside: [v6(0), v6(0, 2)]),
        Case(
            testDescription: "1:2:3:4:5:6:1.2.3.4/128",
            inside: [v6(0x0001_0002_0003_0004, 0x0005_0006_0102_0304)], outside: [v6(0)]),
        Case(
            testDescription: "1::6:7:8/128",
            inside: [v6(0x0001_0000_0000_0000, 0x0000_0006_0007_0008)], outside: [v6(0)]),
        Case(
            testDescription: "::ffff:10.0.0.0/104", inside: [v4(0x0a01_0203)],
            outside: [v4(0x0b00_0000)]),
    ])
    func `a network has the addresses that begin as it does`(_ given: Case) throws {
        let range = try #require(AddressRange(parsing: given.testDescription))
        for address in given.inside { #expect(range.contains(address), "\(address.text)") }
        for address in given.outside { #expect(!range.contains(address), "\(address.text)") }
    }

    @Test(arguments: [
        "", "/", "/8", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08",
        "10.0.0.0/8/8", "10.0.0.0/255.0.0.0", "10.0.0.1/8", "10.0.0/8", "10.0.0.0.0/8",
        "010.0.0.0/8", "10.0.0.256/32", " 10.0.0.0/8", "10.0.0.0/8 ", "::", "::/129", "::1/64",
        "fd00::1::/8", "fd00:/8", ":fd00::/8", "fd00/8", "1:2:3:4:5:6:7/64", "1:2:3:4:5:6:7:8:9/64",
        "1:2:3:4:5:6:7::8/128", "::ffff:10.0.0.0/8", "[fd00::]/8", "fe80::%eth0/64", "private",
        "12345::/16", "g::/8", "::/+8", "10.0.0.0/0x8",
    ])
    func `anything else is none`(_ text: String) {
        #expect(AddressRange(parsing: text) == nil)
    }
}
