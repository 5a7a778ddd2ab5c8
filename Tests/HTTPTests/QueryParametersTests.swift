import HTTP
import Testing

@Suite("Parameters of a query")
struct QueryParametersTests {
    @Test(arguments: [
        ("", []), ("&", []), ("a=b", ["a", "b"]), ("a", ["a", ""]), ("a=", ["a", ""]),
        ("=b", ["", "b"]), ("=", ["", ""]), ("a=b=c", ["a", "b=c"]),
        ("a=1&b=2&a=3", ["a", "1", "b", "2", "a", "3"]), ("&&a=1&&b=2&", ["a", "1", "b", "2"]),
        ("a+b=c+d", ["a b", "c d"]), ("a%2Bb=%26%3D%25", ["a+b", "&=%"]),
        ("q=%C3%A9%e2%82%ac", ["q", "é€"]), ("a;b=c", ["a;b", "c"]),
    ])
    func `a query is decoded in its order`(_ query: String, _ expected: [String]) throws {
        let parameters = try QueryParameters(parsing: query).parameters
        #expect(parameters.flatMap { [$0.name, $0.value] } == expected)
    }

    @Test(
        arguments: [
            ("%", .malformedEscape), ("a=%4", .malformedEscape), ("a=%zz", .malformedEscape),
            ("%%41=b", .malformedEscape), ("a=b&c=%", .malformedEscape), ("a=%FF", .invalidUTF8),
            ("%C3=a", .invalidUTF8), ("a=%ED%A0%80", .invalidUTF8), ("a=%C0%80", .invalidUTF8),
            ("a=%00", .invalidUTF8), ("a=%C3&b=%A9", .invalidUTF8),
        ] as [(String, QueryError)])
    func `what cannot be decoded is an error`(_ query: String, _ error: QueryError) {
        #expect(throws: error) { try QueryParameters(parsing: query) }
    }

    @Test func `there are 64 parameters at most`() throws {
        let fits = Array(repeating: "a", count: 64).joined(separator: "&")
        #expect(try QueryParameters(parsing: fits + "&&").parameters.count == 64)
        #expect(throws: QueryError.tooManyParameters) {
            try QueryParameters(parsing: fits + "&a")
        }
    }

    @Test func `a parameter that may be given once is refused twice`() throws {
        let query = try QueryParameters(parsing: "a=1&b=2&b=2")
        #expect(try query.value(of: "a") == "1")
        #expect(try query.value(of: "A") == nil)
        #expect(query.values(of: "b") == ["2", "2"])
        #expect(throws: QueryError.repeatedParameter(name: "b")) { try query.value(of: "b") }
    }
}
