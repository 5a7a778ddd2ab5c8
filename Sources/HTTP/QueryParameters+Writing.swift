extension QueryParameters {
    /// The text of a query with these parameters, without its `?`: whatever is not unreserved is
    /// percent-encoded (RFC 3986 §2.3).
    package static func text(of parameters: [(name: String, value: String)]) -> String {
        parameters.map { "\(encoded($0.name))=\(encoded($0.value))" }.joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        var output: [UInt8] = []
        for octet in text.utf8 {
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                output.append(octet)
            default:
                output.append(ASCII.percent)
                output += [octet >> 4, octet & 0xF].map(upperHexadecimal)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func upperHexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
    }
}
