import TextNormalization
import Users

/// What holds of e-mail addresses, of their keys and of what is made of text for them.
enum EmailProperties {
    static func check(_ input: FuzzInput) throws(BrokenProperty) {
        let text = String(decoding: input.bytes, as: UTF8.self)
        try checkForms(of: text)
        try checkDomain(text)
        guard let address = try? EmailAddress(parsing: text) else { return }
        try checkBounds(of: address)
        try require(
            (try? EmailAddress(parsing: address.rawValue)) == address,
            "\(address.rawValue) is another address than it was.")
        try checkKey(of: address)
        try checkCase(of: String(address.localPart))
        for spelling in [text.flippedASCII, text.uppercasedASCII, " \t\(text)\n"] {
            try require(
                key(of: spelling).map { $0 == address.key } ?? true,
                "\(address) has another key, or none, written as \(spelling.debugDescription).")
        }
    }

    /// Each form of a text has that form already.
    private static func checkForms(of text: String) throws(BrokenProperty) {
        let forms: [(name: String, make: (String) -> String)] = [
            ("NFC", UnicodeText.nfc), ("NFKC", UnicodeText.nfkc),
            ("The folded form", { UnicodeText.caseFolded(UnicodeText.nfc($0)) }),
            ("The form for searches", { UnicodeText.searchFolded(UnicodeText.nfc($0)) }),
        ]
        for form in forms {
            let made = form.make(text)
            try require(
                form.make(made).utf8.elementsEqual(made.utf8),
                "\(form.name) of \(made.debugDescription) is another.")
        }
    }

    /// A domain in A-labels is one, whatever the case of its letters.
    private static func checkDomain(_ text: String) throws(BrokenProperty) {
        guard let name = try? DomainName.ascii(text) else { return }
        for spelling in [name, name.uppercasedASCII, text.flippedASCII] {
            let other = try? DomainName.ascii(spelling)
            try require(
                other == name, "\(spelling) is \(String(describing: other)), not \(name).")
        }
        let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789-.".utf8)
        try require(
            name.utf8.count <= 253 && name.utf8.allSatisfy(allowed.contains),
            "\(name) is no name in the DNS.")
    }

    private static func checkBounds(of address: EmailAddress) throws(BrokenProperty) {
        let octetCount = address.rawValue.utf8.count
        try require(
            octetCount <= EmailAddress.octetCountMax
                && address.localPart.utf8.count <= EmailAddress.localPartOctetCountMax,
            "\(octetCount) octets are an address.")
        try require(
            address.key.utf8.count(where: { $0 == UInt8(ascii: "@") }) == 1,
            "\(address.key) is a key.")
    }

    /// The key of a key is that key, unless folding has made it too long for an address.
    private static func checkKey(of address: EmailAddress) throws(BrokenProperty) {
        try require(
            key(of: address.key).map { $0 == address.key } ?? true,
            "The key of \(address.key) is another, or none.")
    }

    /// The case of no letter matters before the @, with two exceptions: the `ı` of Turkish has the
    /// upper case of `i`; and a Greek iota below a letter comes to stand beside it in upper case,
    /// where it takes the marks that followed.
    private static func checkCase(of localPart: String) throws(BrokenProperty) {
        let hasException = localPart.unicodeScalars.contains {
            $0 == "ı" || $0 == "\u{345}" || (0x1F80...0x1FFF).contains($0.value)
        }
        guard !hasException else { return }
        let keys = [localPart, localPart.uppercased(), localPart.lowercased()].map {
            key(of: $0 + "@a.example")
        }
        try require(
            Set(keys.compactMap(\.self)).count <= 1, "\(localPart.debugDescription) has \(keys).")
    }

    /// The key of an address, empty if it is none; nil if it is too long, which depends on how it
    /// is written: `ǰ` has two octets and `J̌` three.
    private static func key(of text: String) -> String? {
        do {
            return try EmailAddress(parsing: text).key
        } catch {
            return error.code == .tooLong ? nil : ""
        }
    }
}

extension String {
    /// The text with the ASCII letters in the other case.
    fileprivate var flippedASCII: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.isLetter ? $0.flipped : $0 }))
    }

    /// The text with the ASCII letters in upper case.
    fileprivate var uppercasedASCII: String {
        let scalars = unicodeScalars.map { $0.isLetter && $0.value > 0x60 ? $0.flipped : $0 }
        return String(String.UnicodeScalarView(scalars))
    }
}

extension Unicode.Scalar {
    fileprivate var isLetter: Bool {
        switch self {
        case "a"..."z", "A"..."Z": true
        default: false
        }
    }

    /// The letter of ASCII in the other case.
    fileprivate var flipped: Unicode.Scalar {
        Unicode.Scalar(UInt8(truncatingIfNeeded: value ^ 0x20))
    }
}
