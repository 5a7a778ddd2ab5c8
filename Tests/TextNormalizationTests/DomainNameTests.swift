import TextNormalization
import Testing

@Suite("Domain names, RFC 5891 and UTS #46")
struct DomainNameTests {
    static let label63 = String(repeating: "a", count: 63)
    static let name253 = [label63, label63, label63, String(repeating: "b", count: 61)]
        .joined(separator: ".")

    private func ascii(_ text: String) -> Result<String, DomainNameError> {
        do { return .success(try DomainName.ascii(text)) } catch { return .failure(error) }
    }

    @Test(arguments: [
        ("example.com", "example.com"), ("EXAMPLE.Com", "example.com"), ("a", "a"),
        ("a-b.c-1.9x", "a-b.c-1.9x"), ("192.0.2.1", "192.0.2.1"), (label63, label63),
        (name253, name253), ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.Example", "xn--bcher-kva.example"),
        ("b\u{FC}cher.example", "xn--bcher-kva.example"),
        ("bu\u{308}cher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("faß.de", "xn--fa-hia.de"), ("ｅｘａｍｐｌｅ．ｃｏｍ", "example.com"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"), ("مثال.إختبار", "xn--mgbh0fb.xn--kgbechtv"),
        ("क्‍ष.example", "xn--11b2ezcw70k.example"), ("l·l.example", "xn--ll-0ea.example"),
        ("אב.example", "xn--4dbc.example"), ("a1.אב.example", "a1.xn--4dbc.example"),
        ("ü1.אב.example", "xn--1-dha.xn--4dbc.example"),
        ("1.bücher.example", "1.xn--bcher-kva.example"),
    ])
    func `a name is put in lower-case A-labels`(_ text: String, _ expected: String) {
        #expect(ascii(text) == .success(expected))
    }

    @Test(
        arguments: [
            ("", .length), (".", .length), ("a..b", .length), (".a", .length),
            ("example.com.", .length),
            ("bücher..example", .length), ("bücher.example.", .length), (label63 + "a", .length),
            (name253 + "b", .length), (String(repeating: "ü", count: 2_000), .length),
            ("-a.example", .syntax), ("a-.example", .syntax), ("-.example", .syntax),
            ("ab--cd.example", .syntax), ("a_b.example", .syntax), ("a b.example", .syntax),
            (" a.example", .syntax), ("a/b.example", .syntax), ("a@b.example", .syntax),
            ("[192.0.2.1]", .syntax), ("a:25", .syntax), ("a\0.example", .syntax),
            ("bücher\0.example", .syntax), ("bü_cher.example", .disallowed),
            ("bü cher.example", .disallowed),
            ("a＿b.example", .syntax), ("℀.example", .syntax), ("ü-.example", .syntax),
            ("aa--ü.example", .syntax), ("a\u{7F}.example", .syntax), ("a\n.example", .syntax),
            ("xn--a.example", .disallowed), ("xn--.example", .disallowed),
            ("xn--abc-.example", .disallowed), ("xn--zzzzzz.example", .disallowed),
            ("xn--ls8h.example", .disallowed), ("xn--1ch.example", .disallowed),
            ("😀.example", .disallowed), ("i❤.ws", .disallowed), ("₹.example", .disallowed),
            ("a≠b.example", .disallowed), ("\u{202E}a.example", .disallowed),
            ("a\u{200D}b.example", .disallowed), ("\u{301}a.example", .disallowed),
            ("אa.example", .disallowed), ("1.אב.example", .disallowed),
            ("אב.1.example", .disallowed), ("1.xn--4dbc.example", .disallowed),
            ("a.1ü.אב.example", .disallowed), ("a.مثال.1b", .disallowed),
            ("1.a٠.example", .disallowed), ("⒈com.example", .disallowed),
            ("\u{378}.example", .disallowed), ("\u{E000}.example", .disallowed),
        ] as [(String, DomainNameError)])
    func `a name that the DNS cannot hold is refused`(_ text: String, _ expected: DomainNameError) {
        #expect(ascii(text) == .failure(expected))
    }

    @Test func `a name in A-labels is its own form`() throws {
        for text in ["bücher.example", "例え。テスト", "faß.de", "Example.COM"] {
            let name = try DomainName.ascii(text)
            #expect(try DomainName.ascii(name) == name)
        }
    }
}
