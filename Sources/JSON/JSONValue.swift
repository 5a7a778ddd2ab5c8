/// A JSON value (RFC 8259 §3).
///
/// Numbers without fraction and exponent are integers; the others are doubles, so `1` and `1.0`
/// are two values. Strings are equal when their code points are: unlike Swift's strings, a
/// precomposed letter differs from a letter and an accent (RFC 8259 §8.3).
package enum JSONValue: Sendable {
    /// The literal `null`.
    case null
    /// The literal `true` or `false`.
    case bool(Bool)
    /// A number without fraction and exponent.
    case integer(Int64)
    /// Any other number; finite when it comes from the parser.
    case double(Double)
    /// A string.
    case string(String)
    /// An array, in order.
    case array([JSONValue])
    /// An object, its members in the order of the text.
    case object(JSONObject)
}

extension JSONValue: Equatable {
    /// Whether both are the same value; the order of an object's members does not count.
    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.double(let left), .double(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameCodePoints(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        case (.null, _), (.bool, _), (.integer, _), (.double, _), (.string, _), (.array, _),
            (.object, _):
            false
        }
    }
}

extension String {
    /// Equality without Unicode's canonical equivalence.
    func hasSameCodePoints(as other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
