import TextNormalization

/// An e-mail address: an unquoted local part, one `@` and a dotted domain (RFC 5321, RFC 6531).
package struct EmailAddress: Hashable, Sendable {
    /// The longest address in octets (RFC 5321 §4.5.3.1.3, less the brackets).
    package static let octetCountMax = 254
    /// The longest local part in octets (RFC 5321 §4.5.3.1.1).
    package static let localPartOctetCountMax = 64

    /// The address as typed, but trimmed and in NFC; this is what people see and mail goes to.
    package let rawValue: String
    /// What is unique among users and serves every look-up: the case-folded local part, `@`, the
    /// domain in lower-case A-labels. Dots and `+tags` of the local part are kept.
    package let key: String

    /// Takes an address and its key that this service stored, unchecked.
    package init(trusted rawValue: String, key: String) {
        self.rawValue = rawValue
        self.key = key
    }

    /// The part before the `@`, as typed.
    package var localPart: Substring {
        rawValue.prefix { $0 != "@" }
    }
}

extension EmailAddress: ParsableFromText {
    /// Trims, composes (NFC) and checks an address, and makes its key.
    package init(parsing text: String) throws(InvalidValue) {
        guard let address = text.trimmedNFC(codePointCountMax: Self.octetCountMax),
            address.utf8.count <= Self.octetCountMax
        else { throw InvalidValue(.tooLong, "An e-mail address has at most 254 octets.") }
        let parts = address.utf8.split(
            separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw InvalidValue(.invalidEmail, "An e-mail address has exactly one @.")
        }
        let local = Substring(parts[0])
        try Self.check(localPart: local)
        let domain = try Self.asciiDomain(Substring(parts[1]))
        self.init(trusted: address, key: UnicodeText.caseFolded(String(local)) + "@" + domain)
    }

    /// Checks a dot-atom (RFC 5321 §4.1.2), with letters beyond ASCII (RFC 6531 §3.3) as far as
    /// people can see them.
    private static func check(localPart: Substring) throws(InvalidValue) {
        guard localPart.utf8.count <= localPartOctetCountMax else {
            throw InvalidValue(.tooLong, "The part before the @ has at most 64 octets.")
        }
        let atoms = localPart.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false)
        guard atoms.allSatisfy({ atom in !atom.isEmpty && atom.allSatisfy(isAtomText) }),
            localPart.unicodeScalars.first?.isMark == false
        else {
            throw InvalidValue(
                .invalidEmail,
                "The part before the @ has letters, digits and !#$%&'*+-/=?^_`{|}~, "
                    + "with single dots between them.")
        }
    }

    private static func isAtomText(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        case "!", "#", "$", "%", "&", "'", "*", "+", "-", "/", "=", "?", "^", "_", "`", "{", "|",
            "}", "~":
            true
        default: !scalar.isASCII && scalar.isReadable && !scalar.properties.isWhitespace
        }
    }

    /// The domain in A-labels: two labels or more, the last not a number, so no IPv4 address.
    private static func asciiDomain(_ domain: Substring) throws(InvalidValue) -> String {
        let invalid = InvalidValue(
            .invalidEmail, "The part after the @ is a domain name with at least one dot.")
        // IDNA would take away what shows nothing; the joiners it judges by their neighbours. A
        // mark at the beginning, a variation selector above all, would belong to the @.
        let isPlain =
            domain.unicodeScalars.first?.isMark != true
            && domain.unicodeScalars.allSatisfy { $0.isReadable || $0.isJoiner }
        guard isPlain, let name = try? DomainName.ascii(String(domain)) else { throw invalid }
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { throw invalid }
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard !name.utf8[dot...].dropFirst().allSatisfy(digits.contains) else { throw invalid }
        return name
    }
}
