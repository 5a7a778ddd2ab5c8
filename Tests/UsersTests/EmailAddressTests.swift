import Testing
import Users

@Suite("E-mail addresses, RFC 5321 and RFC 6531")
struct EmailAddressTests {
    struct Accepted: Sendable, CustomTestStringConvertible {
        let text: String
        let rawValue: String
        let key: String
        var testDescription: String { text }
        init(_ text: String, _ rawValue: String? = nil, key: String) {
            self.text = text
            self.rawValue = rawValue ?? text
            self.key = key
        }
    }

    static let local64 = String(repeating: "l", count: 64)
    /// A domain that makes an address of 254 octets behind `local64` and the `@`.
    static let domain189 = [63, 63, 61].map { String(repeating: "d", count: $0) }
        .joined(separator: ".")

    @Test(arguments: [
        Accepted("ada@example.com", key: "ada@example.com"),
        Accepted("Ada.Lovelace@Example.COM", key: "ada.lovelace@example.com"),
        Accepted(" \t ada@example.com\n", "ada@example.com", key: "ada@example.com"),
        Accepted(
            "\u{A0}\u{3000}ada@example.com\u{2003}", "ada@example.com", key: "ada@example.com"),
        Accepted("a.d.a+tag@example.com", key: "a.d.a+tag@example.com"),
        Accepted("!#$%&'*+-/=?^_`{|}~@example.com", key: "!#$%&'*+-/=?^_`{|}~@example.com"),
        Accepted("1@a.b", key: "1@a.b"), Accepted("a@1.2.3.x4", key: "a@1.2.3.x4"),
        Accepted("a@bücher.example", key: "a@xn--bcher-kva.example"),
        Accepted("a@BÜCHER.example", key: "a@xn--bcher-kva.example"),
        Accepted("a@xn--bcher-kva.example", key: "a@xn--bcher-kva.example"),
        Accepted("a@XN--BCHER-KVA.example", key: "a@xn--bcher-kva.example"),
        Accepted("a@faß.de", key: "a@xn--fa-hia.de"),
        Accepted("a@例え。テスト", key: "a@xn--r8jz45g.xn--zckzah"),
        Accepted("a@ｅｘａｍｐｌｅ.com", key: "a@example.com"),
        Accepted("JOSÉ@example.com", key: "josé@example.com"),
        Accepted("jose\u{301}@example.com", "jos\u{E9}@example.com", key: "jos\u{E9}@example.com"),
        Accepted("Straße@example.com", key: "strasse@example.com"),
        Accepted("用户@例子.广告", key: "用户@xn--fsqu00a.xn--4rr70v"),
        Accepted("😀@example.com", key: "😀@example.com"),
        Accepted(local64 + "@" + domain189, key: local64 + "@" + domain189),
    ])
    func `an address is kept as typed and has a key`(_ given: Accepted) throws {
        let email = try EmailAddress(parsing: given.text)
        #expect(Array(email.rawValue.unicodeScalars) == Array(given.rawValue.unicodeScalars))
        #expect(Array(email.key.unicodeScalars) == Array(given.key.unicodeScalars))
    }

    @Test(arguments: [
        "", " ", "ada", "@", "@example.com", "ada@", "ada@example", "ada@.com", "ada@example.",
        "ada@example..com", "ada@@example.com", "ada@b@example.com", "ada＠example.com",
        ".ada@example.com", "ada.@example.com", "a..da@example.com", "a da@example.com",
        "ada@exam ple.com", "\"ada\"@example.com", "ada(x)@example.com", "<ada@example.com>",
        "Ada <ada@example.com>", "ada,bob@example.com", "ada;@example.com", "ada:@example.com",
        "ad\\a@example.com", "mailto:ada@example.com", "ada@[192.0.2.1]", "ada@192.0.2.1",
        "ada@example.123", "ada@-example.com", "ada@example-.com", "ada@exa_mple.com",
        "ada@ab--cd.com", "ada@xn--a.com", "ada@😀.example", "ada@a≠b.example", "ada@אa.example",
        "ada@\u{FE0F}example.com", "ada@\u{301}example.com", "ada@1.אב.example",
        "ada@exa\u{AD}mple.com", "ada@\u{200B}example.com", "ada@example.com\u{200B}",
        "a\0da@example.com", "ada@example.com\0", "ada@exam\0ple.com", "ada\n@example.com",
        "ada\r\nBcc:x@example.com", "ada@example.com\r\nX: y", "a\u{7F}da@example.com",
        "a\u{85}da@example.com", "\u{301}ada@example.com", "\u{202E}ada@example.com",
        "a\u{202A}da@example.com", "a\u{2066}da@example.com", "a\u{200D}da@example.com",
        "a\u{200B}da@example.com", "\u{FEFF}ada@example.com", "a\u{AD}da@example.com",
        "a\u{A0}da@example.com", "a\u{2028}da@example.com", "a\u{FFFE}da@example.com",
        "a\u{E0041}da@example.com", "a\u{3164}da@example.com",
    ])
    func `anything else is refused`(_ text: String) {
        #expect(parse(text, as: EmailAddress.self) == .fault(.invalidEmail))
    }

    @Test(arguments: [
        local64 + "l@example.com", local64 + "@" + domain189 + "d",
        String(repeating: "é", count: 33) + "@example.com",
        "a@" + String(repeating: "d.", count: 127),
        String(repeating: "\u{301}", count: 500_000) + "@example.com",
    ])
    func `a text that is too long is refused as that`(_ text: String) {
        #expect(parse(text, as: EmailAddress.self) == .fault(.tooLong))
    }

    @Test func `the local part is what stands before the at sign`() throws {
        #expect(try EmailAddress(parsing: "Ada.L+x@example.com").localPart == "Ada.L+x")
    }
}
