import HTTP

/// What holds of what proxies say of clients.
enum ForwardedProperties {
    /// A client that is nobody's proxy, and the proxy that it comes through.
    private static let client = ClientAddress(v4: 0xc633_6407)
    private static let proxy = ClientAddress(v4: 0x0a00_0001)
    private static let proxies = TrustedProxies(
        ["10.0.0.0/8", "fd00::/8"].compactMap(AddressRange.init(parsing:)))

    static func check(_ input: FuzzInput) throws(BrokenProperty) {
        let value = input.bytes[...]
        for (name, read, said) in [
            ("X-Forwarded-For", addresses, ", 198.51.100.7"),
            ("Forwarded", elements, ", for=\"198.51.100.7:80\";proto=https"),
        ] {
            // Whatever a client sends, the proxy's word stands.
            let behindProxy = read(value + Array(said.utf8))
            try require(
                behindProxy == client, "\(name): \(value) hides the client: \(behindProxy).")
            // Who is found is the proxy, or somebody whom the value names.
            let found = read(value)
            let alone = read(Array(written(found, name).utf8)[...])
            try require(alone == found, "\(name): \(value) gives \(found), which gives \(alone).")
        }
        try checkRange(String(decoding: value, as: UTF8.self))
    }

    private static func written(_ address: ClientAddress, _ name: String) -> String {
        let text = address.isIPv4 ? address.text : "[\(address.text)]"
        return name == "Forwarded" ? "for=\"\(text)\"" : text
    }

    private static func addresses(_ value: ArraySlice<UInt8>) -> ClientAddress {
        proxies.client(from: proxy, xForwardedFor: value, forwarded: nil)
    }

    private static func elements(_ value: ArraySlice<UInt8>) -> ClientAddress {
        proxies.client(from: proxy, xForwardedFor: nil, forwarded: value)
    }

    /// A network has the address that it is named by.
    private static func checkRange(_ text: String) throws(BrokenProperty) {
        guard let slash = text.firstIndex(of: "/"), let range = AddressRange(parsing: text) else {
            return
        }
        let address = addresses(Array(text[..<slash].utf8)[...])
        try require(range.contains(address), "\(text) lacks \(address).")
    }
}
