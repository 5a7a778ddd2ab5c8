import HTTP
import HTTPTypes
import Testing

@Suite("Fields of a request")
struct RequestFieldsTests {
    private func fields(_ lines: String) throws -> RequestFields {
        try requireHead("GET / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n").fields
    }

    @Test(arguments: ["accept", "Accept", "ACCEPT", "aCCEPT"])
    func `the case of a name does not count`(_ name: String) throws {
        let fields = try fields("\(name): text/html\r\n")
        #expect(fields.value(of: .accept) == "text/html")
        #expect(fields.contains(.accept))
        #expect(fields.count(of: .accept) == 1)
    }

    @Test(arguments: ["Accep: x", "Accept-: x", "Acceptx: x", "Bccept: x", "X: Accept"])
    func `a name is found whole or not at all`(_ line: String) throws {
        let fields = try fields("\(line)\r\n")
        #expect(!fields.contains(.accept))
        #expect(fields.count(of: .accept) == 0)
        #expect(fields.value(of: .accept) == nil)
        #expect(fields.octets(of: .accept) == nil)
    }

    @Test func `letters and signs that differ in one bit are told apart`() throws {
        let fields = try fields("X~: a\r\nX^: b\r\n")
        #expect(fields.value(of: HTTPField.Name(constant: "x^")) == "b")
        #expect(fields.value(of: HTTPField.Name(constant: "x~")) == "a")
    }

    @Test func `lines of one name are joined in their order`() throws {
        let fields = try fields("Accept: a\r\nX: y\r\naccept:  b \r\nAccept:\r\n")
        #expect(fields.value(of: .accept) == "a, b, ")
        #expect(fields.count(of: .accept) == 3)
        #expect(fields.count == 5)
    }

    @Test func `the octets of a value are given as received`() throws {
        let fields = try fields("X: \u{80}\u{FF}\r\n")
        let name = HTTPField.Name(constant: "X")
        #expect(fields.octets(of: name) == [0x80, 0xFF])
        #expect(fields.value(of: name) == "\u{FFFD}\u{FFFD}")
    }

    @Test func `a value in UTF-8 is read as such`() throws {
        #expect(try fields("From: \u{C3}\u{A9}\r\n").value(of: .from) == "é")
    }
}
