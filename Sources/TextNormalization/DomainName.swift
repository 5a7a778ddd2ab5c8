import CIDN2

/// Why a text is not a domain name that can be written in A-labels.
package enum DomainNameError: Error, Hashable {
    /// A label is empty, or longer than 63 octets (RFC 1035 §2.3.4), or the name longer than 253.
    case length
    /// A label has something other than letters, digits and hyphens, or a hyphen at an end, or two
    /// in its third and fourth place (RFC 5891 §4.2.3.1).
    case syntax
    /// IDNA 2008 has no place for a code point or for a mixture of them (RFC 5891 §5.4), or a label
    /// would show in another place than it has (RFC 5893).
    case disallowed
}

/// Internationalised domain names.
package enum DomainName {
    /// The longest text that is looked at, in octets: four times the longest name, since mapping
    /// may make a text shorter.
    private static let inputOctetCountMax = 1_024

    /// The name as it stands in the DNS: lower-case A-labels without a final dot.
    ///
    /// The text is mapped as Unicode Technical Standard #46 says, non-transitionally (`ß` stays a
    /// letter of its own), and each label is checked by IDNA 2008 (RFC 5891). An ASCII name without
    /// A-labels needs neither and is only checked and put in lower case.
    package static func ascii(_ text: String) throws(DomainNameError) -> String {
        guard text.utf8.count <= inputOctetCountMax else { throw .length }
        var name = text.lowercasedASCII
        if !name.isASCII || hasALabel(name) {
            // The C string would end at a zero, and the rest would go unchecked.
            guard !name.utf8.contains(0) else { throw .syntax }
            name = try lookUpForm(of: name, IDN2_NFC_INPUT.rawValue | IDN2_NONTRANSITIONAL.rawValue)
            // UTS #46 lets a few symbols pass that IDNA 2008 does not: the A-labels are checked
            // once more without it.
            name = try lookUpForm(of: name, IDN2_NO_TR46.rawValue)
            try checkDirections(of: name)
        }
        try checkLabels(of: name)
        return name
    }

    private static func lookUpForm(
        of name: String, _ flags: UInt32
    ) throws(DomainNameError) -> String {
        var result: UnsafeMutablePointer<UInt8>?
        let utf8 = Array(name.utf8) + [0]
        let status = idn2_lookup_u8(utf8, &result, CInt(flags))
        guard let result else { throw error(of: status) }
        let text = AllocatedText(owning: result, freedBy: idn2_free)
        guard status == IDN2_OK.rawValue else { throw error(of: status) }
        return text.stringBeforeZero()
    }

    /// What a status of libidn2, other than success, says of a name.
    static func error(of status: CInt) -> DomainNameError {
        precondition(status != IDN2_MALLOC.rawValue, "No memory for a domain name.")
        return switch idn2_rc(status) {
        case IDN2_TOO_BIG_DOMAIN, IDN2_TOO_BIG_LABEL: .length
        case IDN2_2HYPHEN, IDN2_HYPHEN_STARTEND: .syntax
        default: .disallowed
        }
    }

    /// Checks letters, digits, hyphens and lengths of a lower-case name (RFC 5890 §2.3.1).
    private static func checkLabels(of name: String) throws(DomainNameError) {
        let utf8 = name.utf8Span
        let octets = utf8.span
        guard octets.count <= 253 else { throw .length }
        var start = 0
        for index in 0...octets.count where index == octets.count || octets[index] == dot {
            try check(label: octets.extracting(start..<index))
            start = index + 1
        }
    }

    private static func check(label: Span<UInt8>) throws(DomainNameError) {
        guard (1...63).contains(label.count) else { throw .length }
        for index in label.indices {
            switch label[index] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): break
            case hyphen where index > 0 && index < label.count - 1: break
            default: throw .syntax
            }
        }
        let hasReservedHyphens = label.count >= 4 && label[2] == hyphen && label[3] == hyphen
        guard !hasReservedHyphens || isALabel(label) else { throw .syntax }
    }

    /// Whether a label of a lower-case name begins with `xn--`.
    private static func hasALabel(_ name: String) -> Bool {
        let utf8 = name.utf8Span
        let octets = utf8.span
        for index in octets.indices where index == 0 || octets[index - 1] == dot {
            if isALabel(octets.extracting(index..<octets.count)) { return true }
        }
        return false
    }

    private static func isALabel(_ label: Span<UInt8>) -> Bool {
        label.count >= 4 && label[0] == UInt8(ascii: "x") && label[1] == UInt8(ascii: "n")
            && label[2] == hyphen && label[3] == hyphen
    }

    private static let dot = UInt8(ascii: ".")
    private static let hyphen = UInt8(ascii: "-")
}
