extension QueryParameters {
    /// The text of a query with these parameters, without its `?`: whatever is not unreserved is
    /// percent-encoded (RFC 3986 §2.3).
    package static func text(of parameters: [(name: String, value: String)]) -> String {
        guard !parameters.isEmpty else { return "" }
        // As long as nothing has to be encoded, this is all the room that is needed.
        let count = parameters.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 2 }
        var output: [UInt8] = []
        output.reserveCapacity(count)
        for (index, parameter) in parameters.enumerated() {
            if index > 0 { output.append(UInt8(ascii: "&")) }
            append(parameter.name, to: &output)
            output.append(ASCII.equals)
            append(parameter.value, to: &output)
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func append(_ text: String, to output: inout [UInt8]) {
        for octet in text.utf8 {
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                output.append(octet)
            default:
                output.append(ASCII.percent)
                output.append(upperHexadecimal(octet >> 4))
                output.append(upperHexadecimal(octet & 0xF))
            }
        }
    }

    private static func upperHexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
    }
}
