/// Reads JSON texts strictly: what RFC 8259 does not allow is an error, and so are a name twice in
/// one object, a lone surrogate and a number that does not fit.
package struct JSONParser {
    /// Levels of arrays and objects that are allowed unless the caller says otherwise.
    package static let depthMax = 32

    private enum Step {
        case member(String)
        case element(Int)
    }

    private let depthMax: Int
    /// The way from the whole text to the value at hand; as long as the nesting is deep.
    private var path: [Step] = []
    /// The next octet to read.
    var position = 0

    private init(depthMax: Int) {
        self.depthMax = depthMax
    }

    /// Parses one JSON text, with white space around it but nothing else.
    ///
    /// - Parameter depthMax: levels of arrays and objects; the parser's stack grows with it.
    /// - Throws: ``JSONError``, with the octet at which the text goes wrong.
    package static func parse(
        _ text: Span<UInt8>, depthMax: Int = depthMax
    ) throws(JSONError) -> JSONValue {
        try checkEncoding(of: text)
        var parser = JSONParser(depthMax: depthMax)
        parser.skipWhitespace(text)
        guard parser.position < text.count else { throw JSONError(.empty, at: 0) }
        let value = try parser.value(text)
        parser.skipWhitespace(text)
        guard parser.position == text.count else {
            throw JSONError(.trailingBytes, at: parser.position)
        }
        return value
    }

    /// Checks the whole text at once, so that no string needs to be checked again.
    private static func checkEncoding(of text: Span<UInt8>) throws(JSONError) {
        if text.count >= 3, text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF {
            throw JSONError(.byteOrderMark, at: 0)
        }
        do {
            _ = try UTF8Span(validating: text)
        } catch {
            throw JSONError(.invalidUTF8, at: error.byteOffsets.lowerBound)
        }
    }

    /// Parses the value that begins at `position`.
    private mutating func value(_ text: Span<UInt8>) throws(JSONError) -> JSONValue {
        switch try octet(text) {
        case UInt8(ascii: "{"): .object(try object(text))
        case UInt8(ascii: "["): .array(try array(text))
        case UInt8(ascii: "\""): .string(try string(text))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number(text)
        case UInt8(ascii: "t"): try literal("true", .bool(true), text)
        case UInt8(ascii: "f"): try literal("false", .bool(false), text)
        case UInt8(ascii: "n"): try literal("null", .null, text)
        default: throw JSONError(.unexpectedByte, at: position)
        }
    }

    private mutating func object(_ text: Span<UInt8>) throws(JSONError) -> JSONObject {
        var object = JSONObject()
        try open(text)
        if try close(UInt8(ascii: "}"), text) { return object }
        repeat {
            skipWhitespace(text)
            let start = position
            guard try octet(text) == UInt8(ascii: "\"") else {
                throw JSONError(.unexpectedByte, at: position)
            }
            let name = try string(text)
            skipWhitespace(text)
            guard try octet(text) == UInt8(ascii: ":") else {
                throw JSONError(.unexpectedByte, at: position)
            }
            position += 1
            path.append(.member(name))
            skipWhitespace(text)
            guard object.append(name, try value(text)) else {
                throw JSONError(.duplicateMember(pointer), at: start)
            }
            path.removeLast()
        } while try !separator(before: UInt8(ascii: "}"), text)
        return object
    }

    private mutating func array(_ text: Span<UInt8>) throws(JSONError) -> [JSONValue] {
        var array: [JSONValue] = []
        try open(text)
        if try close(UInt8(ascii: "]"), text) { return array }
        repeat {
            path.append(.element(array.count))
            skipWhitespace(text)
            array.append(try value(text))
            path.removeLast()
        } while try !separator(before: UInt8(ascii: "]"), text)
        return array
    }

    private mutating func literal(
        _ spelling: StaticString, _ value: JSONValue, _ text: Span<UInt8>
    ) throws(JSONError) -> JSONValue {
        for index in 0..<spelling.utf8CodeUnitCount {
            guard try octet(text) == spelling.utf8Start[index] else {
                throw JSONError(.unexpectedByte, at: position)
            }
            position += 1
        }
        return value
    }

    private var pointer: JSONPointer {
        path.reduce(JSONPointer()) { pointer, step in
            switch step {
            case .member(let name): pointer.appending(name)
            case .element(let index): pointer.appending(index)
            }
        }
    }
}

extension JSONParser {
    /// The octet at `position`.
    func octet(_ text: Span<UInt8>) throws(JSONError) -> UInt8 {
        guard position < text.count else { throw JSONError(.truncated, at: text.count) }
        return text[position]
    }

    private mutating func skipWhitespace(_ text: Span<UInt8>) {
        while position < text.count {
            switch text[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    /// Steps over a bracket that opens, unless the nesting gets too deep.
    private mutating func open(_ text: Span<UInt8>) throws(JSONError) {
        guard path.count < depthMax else { throw JSONError(.tooDeep, at: position) }
        position += 1
        skipWhitespace(text)
    }

    /// Steps over `bracket` if it comes next.
    private mutating func close(
        _ bracket: UInt8, _ text: Span<UInt8>
    ) throws(JSONError) -> Bool {
        guard try octet(text) == bracket else { return false }
        position += 1
        return true
    }

    /// Steps over a comma, and returns false, or over `bracket`, and returns true.
    private mutating func separator(
        before bracket: UInt8, _ text: Span<UInt8>
    ) throws(JSONError) -> Bool {
        skipWhitespace(text)
        if try close(bracket, text) { return true }
        guard try octet(text) == UInt8(ascii: ",") else {
            throw JSONError(.unexpectedByte, at: position)
        }
        position += 1
        return false
    }
}
