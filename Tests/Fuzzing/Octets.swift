/// Plain ways to take octets apart: slow, and too short to be wrong.
enum Octets {
    /// What stands between CRLFs; the last is what follows the last CRLF.
    static func lines(of octets: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = [[]]
        var index = 0
        while index < octets.count {
            if octets[index...].starts(with: [0x0D, 0x0A]) {
                lines.append([])
                index += 2
            } else {
                lines[lines.count - 1].append(octets[index])
                index += 1
            }
        }
        return lines
    }

    /// The octets without spaces and tabs at either end.
    static func trimmed(_ octets: ArraySlice<UInt8>) -> [UInt8] {
        var rest = octets.drop { $0 == 0x20 || $0 == 0x09 }
        while rest.last == 0x20 || rest.last == 0x09 { rest.removeLast() }
        return Array(rest)
    }

    /// Whether an octet is a control, the tab included.
    static func isControl(_ octet: UInt8) -> Bool {
        octet < 0x20 || octet == 0x7F
    }

    /// The octets with their escapes resolved; `nil` when a `%` has not two hexadecimal digits.
    static func percentDecoded(_ octets: ArraySlice<UInt8>) -> [UInt8]? {
        var decoded: [UInt8] = []
        var rest = octets
        while let octet = rest.popFirst() {
            guard octet == UInt8(ascii: "%") else {
                decoded.append(octet)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            decoded.append(value)
            rest.removeFirst(2)
        }
        return decoded
    }

    /// The octets with everything but letters and digits of ASCII as an escape.
    static func percentEncoded(_ octets: [UInt8]) -> [UInt8] {
        octets.flatMap { octet -> [UInt8] in
            let character = Character(UnicodeScalar(octet))
            if character.isASCII, character.isLetter || character.isNumber { return [octet] }
            let digits = String(octet, radix: 16, uppercase: octet % 2 == 0)
            return Array(((digits.utf8.count == 1 ? "%0" : "%") + digits).utf8)
        }
    }
}
