/// Reads from right to left for whom proxies have asked: the last one's word first.
///
/// An element is found from its own end, so nothing that stands to the left of it can change what
/// it says. Only an address is of use: what is no address ends the reading, be it malformed,
/// `unknown` or an identifier that hides one (RFC 7239 §6.2 and §6.3).
struct ForwardedHops {
    /// How the elements are written.
    enum Syntax {
        /// `X-Forwarded-For`: an address each, perhaps with a port; IPv6 with brackets or without.
        case addresses
        /// `Forwarded` (RFC 7239 §4): parameters, one of which is `for`.
        case parameters
    }

    private let value: ArraySlice<UInt8>
    private let syntax: Syntax
    /// Where what is yet to be read ends; nil if there is nothing more.
    private var end: Int?

    /// Reads the value of a field.
    init(_ value: ArraySlice<UInt8>, _ syntax: Syntax) {
        self.value = value
        self.syntax = syntax
        end = value.count
    }

    /// The next address to the left; nil if there is none, and from then on.
    mutating func next() -> ClientAddress? {
        guard let end else { return nil }
        let octets = value
        let bytes = octets.span
        var start = end
        var isQuoted = false
        while start > 0, isQuoted || bytes[start - 1] != ASCII.comma {
            start -= 1
            if bytes[start] == ASCII.quote { isQuoted.toggle() }
        }
        let element = bytes.trimmingWhitespace(start..<end)
        let address =
            switch syntax {
            case .addresses: Self.address(bytes, element, isBracketed: false)
            case .parameters: Self.address(ofParameters: bytes, element)
            }
        self.end = start == 0 || address == nil ? nil : start - 1
        return address
    }

    /// The address in `forwarded-element` (RFC 7239 §4), whose `for` stands in it once.
    private static func address(
        ofParameters bytes: Span<UInt8>, _ element: Range<Int>
    ) -> ClientAddress? {
        var reader = ParameterReader(element)
        var node: [UInt8]?
        repeat {
            guard let name = reader.token(in: bytes), reader.take(ASCII.equals, in: bytes),
                let value = parameterValue(&reader, bytes)
            else { return nil }
            if bytes.equalsIgnoringCase(name, "for") {
                guard node == nil else { return nil }
                node = value
            }
        } while reader.take(ASCII.semicolon, in: bytes)
        guard reader.isAtEnd, let node else { return nil }
        return address(node.span, node.indices, isBracketed: true)
    }

    private static func parameterValue(
        _ reader: inout ParameterReader, _ bytes: Span<UInt8>
    ) -> [UInt8]? {
        guard let token = reader.token(in: bytes) else { return reader.quotedString(in: bytes) }
        return token.map { bytes[$0] }
    }

    /// The address in `node` (RFC 7239 §6), whose port is of no interest.
    /// - Parameter isBracketed: Whether an IPv6 address has to be.
    private static func address(
        _ bytes: Span<UInt8>, _ node: Range<Int>, isBracketed: Bool
    ) -> ClientAddress? {
        if !isBracketed, let address = AddressText.v6(bytes, node) { return address }
        let host: Range<Int>
        let address: ClientAddress?
        if let first = node.first, bytes[first] == UInt8(ascii: "[") {
            guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]"), in: node) else {
                return nil
            }
            host = first..<bracket + 1
            address = AddressText.v6(bytes, first + 1..<bracket)
        } else {
            let colon = bytes.firstIndex(of: ASCII.colon, in: node)
            host = node.lowerBound..<(colon ?? node.upperBound)
            address = AddressText.v4(bytes, host).map(ClientAddress.init(v4:))
        }
        guard host.upperBound < node.upperBound else { return address }
        let port = host.upperBound + 1..<node.upperBound
        return bytes[host.upperBound] == ASCII.colon && isPort(bytes, port) ? address : nil
    }

    /// `node-port` (RFC 7239 §6): one to five digits, or an underscore and a name.
    private static func isPort(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard let first = range.first else { return false }
        guard bytes[first] == UInt8(ascii: "_") else {
            return range.count <= 5 && range.allSatisfy { ASCII.isDigit(bytes[$0]) }
        }
        return range.count > 1
            && range.dropFirst().allSatisfy { index in
                let octet = bytes[index]
                return ASCII.isLetter(octet) || ASCII.isDigit(octet)
                    || "._-".utf8.contains(octet)
            }
    }
}
