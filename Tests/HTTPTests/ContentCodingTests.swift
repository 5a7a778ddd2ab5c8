import HTTP
import HTTPTesting
import HTTPTypes
import Testing

@Suite("Accept-Encoding and Content-Encoding, RFC 9110 §12.5.3 and §8.4")
struct ContentCodingTests {
    @Test(arguments: [
        ("gzip", true), ("GZip", true), ("x-gzip", true), ("*", true), ("gzip, deflate, br", true),
        ("gzip;q=1.0, identity; q=0.5, *;q=0", true), ("br;q=1.0, gzip;q=0.8, *;q=0.1", true),
        ("gzip;q=0.001", true), ("gzip ; q=0.5 , br", true), (", gzip ,,", true),
        ("gzip;Q=0.5", true), ("gzip, identity", true), ("*;q=0.5", true),
        ("identity;q=0, gzip;q=0.1", true), ("identity;q=0, *;q=0.1", true),
        ("gzip;q=0, x-gzip", true), ("gzip;q=0.2, *;q=0", true),
        ("", false), ("identity", false), ("br", false), ("deflate, br, zstd", false),
        ("gzip;q=0", false), ("gzip;q=0.000", false), ("*;q=0", false), ("*, gzip;q=0", false),
        ("gzip;q=0.5, identity", false), ("gzip;q=0.5, identity;q=0.501", false),
        ("gzip;q=0.5, *", false), ("identity;q=0, *;q=0", false), ("identity;q=0", false),
        ("gzip;q=0, identity;q=0", false),
        // Malformed, so that it says nothing.
        ("gzip;q=2", false), ("gzip;q=.5", false), ("gzip;q=", false),
        ("gzip;q=0.1234", false), ("gzip;level=5", false), ("gzip;q=1;q=0.5", false),
        ("gzip;", false), ("gzip deflate", false), ("gzip, br;q=x", false), ("\"gzip\"", false),
        ("gz\u{e4}p, gzip", false),
    ])
    func `gzip is sent if it is liked no less than nothing`(
        _ value: String, _ isPreferred: Bool
    ) throws {
        let request = try Request("GET /", fields: ["Accept-Encoding: \(value)"])
        #expect(request.head.fields.prefersGzip == isPreferred)
    }

    @Test func `several fields are one, and without any nothing is asked for`() throws {
        let several = ["Accept-Encoding: br", "Accept-Encoding: gzip;q=0.1"]
        #expect(try Request("GET /", fields: several).head.fields.prefersGzip)
        #expect(try !Request("GET /").head.fields.prefersGzip)
    }

    @Test(arguments: [
        ("gzip", ContentCoding.gzip), ("X-Gzip", .gzip), ("identity", .identity), ("", .identity),
        ("gzip, identity", .gzip), ("identity,gzip", .gzip), (",gzip", .gzip),
        ("gzip,, gzip", nil),
        ("gzip, gzip", nil), ("br", nil), ("gzip, br", nil), ("deflate", nil), ("*", nil),
        ("gzip;q=1", nil), ("gzip gzip", nil), ("chunked", nil),
    ])
    func `content may be compressed once, in gzip`(
        _ value: String, _ coding: ContentCoding?
    ) throws {
        let request = try Request("POST /", fields: ["Content-Encoding: \(value)"])
        #expect(request.head.fields.contentCoding == coding)
    }

    @Test func `content without a word about it is as it is`() throws {
        #expect(try Request("POST /").head.fields.contentCoding == .identity)
    }

    @Test(arguments: [
        (nil, "Accept-Encoding"), ("Authorization", "Authorization, Accept-Encoding"),
        ("Authorization, Accept-Encoding", "Authorization, Accept-Encoding"),
        ("accept-encoding", "accept-encoding"),
        ("X-Accept-Encoding", "X-Accept-Encoding, Accept-Encoding"),
    ])
    func `Vary gets a name that it lacks`(_ given: String?, _ expected: String) {
        var fields = ResponseFields()
        if let given { fields.append(.vary, given) }
        fields.append(.eTag, "\"1\"")
        fields.vary(by: .acceptEncoding)
        #expect(fields.value(of: .vary) == expected)
    }

    @Test func `Vary may stand on several lines`() {
        var fields = ResponseFields()
        fields.append(.vary, "Authorization")
        fields.append(.eTag, "\"1\"")
        fields.append(.vary, "Origin")
        fields.vary(by: .acceptEncoding)
        fields.vary(by: .acceptEncoding)
        var expected = ResponseFields()
        expected.append(.vary, "Authorization")
        expected.append(.eTag, "\"1\"")
        expected.append(.vary, "Origin, Accept-Encoding")
        #expect(fields == expected)
    }

    @Test func `an unknown coding is 415 and tells the known ones`() {
        let response = Problem(BodyError.unsupportedCoding).response(instance: "", requestID: "")
        #expect(response.status == .unsupportedMediaType)
        #expect(response.fields.value(of: .acceptEncoding) == "gzip, identity")
        #expect(!response.fields.contains(.acceptPost))
        #expect(Problem(BodyError.malformedGzip).kind.code == "malformed_gzip")
    }
}
