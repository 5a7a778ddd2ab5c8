// A JSON text that stands in the code reads as JSON: `["type": "string", "maxLength": 100]`.

extension JSONValue: ExpressibleByStringInterpolation {
    /// A string.
    package init(stringLiteral text: String) {
        self = .string(text)
    }
}

extension JSONValue: ExpressibleByIntegerLiteral {
    /// An integer.
    package init(integerLiteral number: Int64) {
        self = .integer(number)
    }
}

extension JSONValue: ExpressibleByBooleanLiteral {
    /// `true` or `false`.
    package init(booleanLiteral value: Bool) {
        self = .bool(value)
    }
}

extension JSONValue: ExpressibleByArrayLiteral {
    /// An array.
    package init(arrayLiteral elements: JSONValue...) {
        self = .array(elements)
    }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    /// An object, its members in the order given.
    ///
    /// - Precondition: no name is there twice.
    package init(dictionaryLiteral members: (String, JSONValue)...) {
        self = .object(JSONObject(members.map { ($0, $1) }))
    }
}

extension JSONValue {
    /// An integer.
    package init(_ number: Int) {
        self = .integer(Int64(number))
    }

    /// An array of strings.
    package init(_ texts: [String]) {
        self = .array(texts.map(JSONValue.string))
    }
}

extension JSONObject {
    /// An object of these members, in order; those without a value are left out.
    ///
    /// - Precondition: no name is there twice.
    package init(_ members: [(name: String, value: JSONValue?)]) {
        self.init()
        for case (let name, let value?) in members {
            let isNew = append(name, value)
            precondition(isNew, "The member \(name) is there twice.")
        }
    }
}
