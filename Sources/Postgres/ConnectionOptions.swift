import CLibpq

/// Every connection parameter that libpq knows, with the values that a text gives to some of them.
struct ConnectionOptions: ~Copyable {
    /// libpq's array, which ends with an element without a keyword.
    private let first: UnsafeMutablePointer<PQconninfoOption>

    /// Lets libpq read a connection URI or a `key=value` string; nil if it cannot. Its message is
    /// dropped, because it quotes the text and so perhaps a password.
    init?(parsing text: String) {
        guard let first = PQconninfoParse(text, nil) else { return nil }
        self.first = first
    }

    deinit { PQconninfoFree(first) }

    /// The names of all parameters.
    var names: [String] { elements.map { String(cString: $0.keyword) } }

    /// The parameters that have a value, in libpq's order.
    var given: [(name: String, value: String)] {
        elements.compactMap { option in
            option.val.map { (String(cString: option.keyword), String(cString: $0)) }
        }
    }

    private var elements: [PQconninfoOption] {
        var elements: [PQconninfoOption] = []
        while first[elements.count].keyword != nil { elements.append(first[elements.count]) }
        return elements
    }
}
