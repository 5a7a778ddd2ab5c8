import Testing

@testable import TraceExport

@Suite("The address of a collector")
struct CollectorAddressTests {
    @Test(arguments: [
        ("http://localhost:4318", "localhost", 4318, "localhost:4318", "/v1/traces"),
        ("http://localhost:4318/", "localhost", 4318, "localhost:4318", "/v1/traces"),
        ("HTTP://Collector.example", "Collector.example", 80, "Collector.example", "/v1/traces"),
        ("http://a/otlp", "a", 80, "a", "/otlp/v1/traces"),
        ("http://a/otlp/", "a", 80, "a", "/otlp/v1/traces"),
        ("http://10.0.0.7:1/a/b%20c", "10.0.0.7", 1, "10.0.0.7:1", "/a/b%20c/v1/traces"),
        ("http://[::1]:65535", "::1", 65_535, "[::1]:65535", "/v1/traces"),
    ])
    func `spans go to v1/traces below the base URL`(
        _ given: String, _ host: String, _ port: UInt16, _ authority: String, _ path: String
    ) throws {
        let address = try #require(CollectorAddress(parsing: given))
        #expect(address.host == host && address.port == port)
        #expect(address.authority == authority && address.path == path)
    }

    @Test(arguments: [
        "", "localhost:4318", "https://localhost:4318", "grpc://localhost:4317", "http://",
        "http:///v1", "http://a:0", "http://a:65536", "http://a:", "http://u:p@a", "http://a?b",
        "http://a/?b", "http://a/#b", "http://a b", "http://a/b c", " http://a", "http://a\n",
        "http://a/\r\nX: y", "http://[::1", "http://[x]", "http://é", "unix:///run/collector",
    ])
    func `anything else is refused`(_ given: String) {
        #expect(CollectorAddress(parsing: given) == nil)
    }
}

@Suite("What is said of a service")
struct TraceResourceTests {
    @Test(
        arguments: [
            ("a=b", ["a": "b"]), ("a=b,c=d", ["a": "b", "c": "d"]),
            (" a = b , c=d", ["a": "b", "c": "d"]),
            ("a=1%2C2%3d%20x", ["a": "1,2= x"]), ("a=", ["a": ""]), ("a=1,a=2", ["a": "2"]),
            ("a=%C3%A9", ["a": "é"]), ("", nil), ("a", nil), ("=b", nil), ("a=b=c", nil),
            ("a=b,", nil),
            ("a=%", nil), ("a=%2", nil), ("a=%zz", nil), ("a=%+1", nil), ("a=%FF", nil),
        ] as [(String, [String: String]?)])
    func `pairs may be percent-encoded`(_ given: String, _ expected: [String: String]?) {
        #expect(TraceResource.attributes(parsing: given) == expected)
    }

    @Test func `the name and the version of the service go before`() {
        let resource = TraceResource(
            service: "s", version: "1", ["service.name": "x", "service.version": "2", "a": "b"])
        #expect(
            resource.attributes == ["service.name": "s", "service.version": "1", "a": "b"])
    }
}
