import HTTP
import HTTPTypes
import RandomTesting
import Testing

@Suite("Fields of a response")
struct ResponseFieldsTests {
    /// The lines that the serialiser writes for `fields`.
    private func lines(_ fields: ResponseFields) -> String {
        var output: [UInt8] = []
        ResponseSerializer.append(
            Response(status: .noContent, fields: fields), to: &output, isHead: false,
            closes: false, minorVersion: 1, date: HTTPDate(unixSeconds: 0))
        let head = octets(
            "HTTP/1.1 204 No Content\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
                + "X-Content-Type-Options: nosniff\r\n"
                + "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n")
        return String(decoding: output.dropFirst(head.count).dropLast(2), as: UTF8.self)
    }

    @Test(
        arguments: [
            ("a\r\nSet-Cookie: b", "a  Set-Cookie: b"), ("a\nb", "a b"), ("a\rb", "a b"),
            ("\0\u{1}\u{1F}\u{7F}", "    "), ("a\tb", "a\tb"), ("é", "é"), ("", ""),
            ("0123456789\r\n0123456789\r\n", "0123456789  0123456789  "),
        ] as [(Wire, String)])
    func `no value can end its line`(_ value: Wire, _ expected: String) {
        var fields = ResponseFields()
        let text = String(decoding: value.octets.flatMap { UnicodeScalar($0).utf8 }, as: UTF8.self)
        fields.append(.location, text)
        #expect(lines(fields) == "Location: \(expected)\r\n")
        #expect(fields.value(of: .location) == expected)
    }

    @Test func `each control of a value becomes a space, wherever it stands`() {
        let seed = UInt64.random(in: .min ... .max)
        print("Values with controls: seed \(seed).")
        var generator = SeededGenerator(seed: seed)
        let scalars = ["\0", "\t", "\n", "\r", "\u{1F}", " ", "~", "\u{7F}"] as [UnicodeScalar]
        for round in 0..<3000 {
            let count = Int.random(in: 0..<140, using: &generator)
            var value = Array(repeating: "é" as UnicodeScalar, count: count)
            for _ in 0..<Int.random(in: 0..<4, using: &generator) where count > 0 {
                let place = Int.random(in: 0..<count, using: &generator)
                value[place] = scalars.randomElement(using: &generator) ?? " "
            }
            let expected = value.map {
                $0 != "\t" && $0.value < 0x20 || $0.value == 0x7F ? " " : $0
            }
            var fields = ResponseFields()
            fields.append(.location, String(String.UnicodeScalarView(value)))
            #expect(
                fields.value(of: .location) == String(String.UnicodeScalarView(expected)),
                "seed \(seed), round \(round)")
        }
    }

    @Test func `a policy is noticed in whatever way it comes and goes`() {
        var policy = ResponseFields()
        policy.append(.contentType, "text/html")
        #expect(!policy.hasPolicy)
        policy.append(.contentSecurityPolicy, "default-src 'self'")
        #expect(policy.hasPolicy)
        var fields = ResponseFields()
        fields.append(contentsOf: policy)
        fields.append(contentsOf: ResponseFields())
        #expect(fields.hasPolicy)
        fields.replace(.contentSecurityPolicy, "default-src 'none'")
        #expect(fields.hasPolicy)
        fields.remove(.contentType)
        #expect(fields.hasPolicy)
        fields.remove(.contentSecurityPolicy)
        #expect(!fields.hasPolicy && lines(fields).isEmpty)
    }

    @Test func `fields keep their order, and may repeat`() {
        var fields = ResponseFields()
        fields.append(.vary, "Accept")
        fields.appendNumber(.age, -12)
        fields.append(.vary, "Authorization")
        #expect(lines(fields) == "Vary: Accept\r\nAge: -12\r\nVary: Authorization\r\n")
        #expect(fields.value(of: .vary) == "Accept")
    }

    @Test func `replacing removes all lines of a name and no others`() {
        var fields = ResponseFields()
        fields.append(.vary, "a")
        fields.append(.eTag, "Vary: \"1\"")
        fields.append(.vary, "b")
        fields.replace(.vary, "c")
        #expect(lines(fields) == "ETag: Vary: \"1\"\r\nVary: c\r\n")
        fields.remove(.vary)
        fields.remove(.accept)
        #expect(lines(fields) == "ETag: Vary: \"1\"\r\n")
    }

    @Test func `a name is found whole, whatever its case`() {
        var fields = ResponseFields()
        fields.append(HTTPField.Name(constant: "etag"), "1")
        fields.append(HTTPField.Name(constant: "X-Vary"), "1")
        #expect(fields.contains(.eTag))
        #expect(!fields.contains(.vary))
        #expect(fields.value(of: .vary) == nil)
    }

    @Test func `fields are appended to fields`() {
        var fields = ResponseFields()
        fields.append(.vary, "a")
        var others = ResponseFields()
        others.append(.eTag, "b")
        fields.append(contentsOf: others)
        #expect(lines(fields) == "Vary: a\r\nETag: b\r\n")
    }
}
