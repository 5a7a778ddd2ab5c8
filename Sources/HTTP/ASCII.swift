/// The octets that HTTP's grammar names, and arithmetic on them.
enum ASCII {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let quote = UInt8(ascii: "\"")
    static let percent = UInt8(ascii: "%")
    static let comma = UInt8(ascii: ",")
    static let dot = UInt8(ascii: ".")
    static let slash = UInt8(ascii: "/")
    static let zero = UInt8(ascii: "0")
    static let colon = UInt8(ascii: ":")
    static let semicolon = UInt8(ascii: ";")
    static let equals = UInt8(ascii: "=")
    static let questionMark = UInt8(ascii: "?")
    static let backslash = UInt8(ascii: "\\")

    /// Whether `octet` is `OWS` (RFC 9110 §5.6.3).
    @inline(__always)
    static func isWhitespace(_ octet: UInt8) -> Bool {
        octet == space || octet == tab
    }

    @inline(__always)
    static func isDigit(_ octet: UInt8) -> Bool {
        octet &- zero < 10
    }

    /// Whether `octet` is a letter of either case.
    @inline(__always)
    static func isLetter(_ octet: UInt8) -> Bool {
        (octet | 0x20) &- UInt8(ascii: "a") < 26
    }

    @inline(__always)
    static func isUppercase(_ octet: UInt8) -> Bool {
        octet &- UInt8(ascii: "A") < 26
    }

    /// The lower-case form of a letter; any other octet as it is.
    @inline(__always)
    static func lowercased(_ octet: UInt8) -> UInt8 {
        isUppercase(octet) ? octet | 0x20 : octet
    }

    /// The value of a hexadecimal digit of either case; `nil` for any other octet.
    @inline(__always)
    static func hexValue(_ octet: UInt8) -> UInt8? {
        if isDigit(octet) { return octet &- zero }
        let letter = (octet | 0x20) &- UInt8(ascii: "a")
        return letter < 6 ? letter + 10 : nil
    }
}
