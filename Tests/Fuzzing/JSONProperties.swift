import JSON

/// What holds of JSON texts.
enum JSONProperties {
    /// The most octets that one octet of a text becomes once numbers are spelt out: `9e307` is five
    /// of them and 310.
    private static let growthMax = 64

    static func check(_ input: FuzzInput) throws(BrokenProperty) {
        let text = input.bytes
        guard let value = value(of: text) else { return }
        let written = value.text
        try require(
            written.count <= text.count * growthMax,
            "\(text.count) octets become \(written.count).")
        let again = Self.value(of: written)
        try require(again == value, "What is written out is the same: \(written) is \(value).")
        try require(again?.text == written, "It is written the same, too: \(written).")
        try checkDepth(of: value, in: text)
        try checkNames(of: value)
        try checkEnds(of: text, value)
        if case .object(let object) = value { try checkRepetition(in: object, input) }
    }

    /// The value that a text stands for; nil if it is refused.
    static func value(of text: [UInt8]) -> JSONValue? {
        try? JSONParser.parse(text.span)
    }

    /// How many arrays and objects are nested is counted right, and no more are read than allowed.
    private static func checkDepth(
        of value: JSONValue, in text: [UInt8]
    ) throws(BrokenProperty) {
        let depth = depth(of: value)
        try require(depth <= JSONParser.depthMax, "\(depth) levels are read.")
        try require(
            (try? JSONParser.parse(text.span, depthMax: depth)) == value,
            "\(depth) levels are not read where so many may be.")
        guard depth > 0 else { return }
        let refusal = refusal(of: text, depthMax: depth - 1)
        try require(
            refusal == .tooDeep,
            "\(depth) levels where fewer may be: \(String(describing: refusal)).")
    }

    private static func depth(of value: JSONValue) -> Int {
        switch value {
        case .null, .bool, .integer, .double, .string: 0
        case .array(let elements): 1 + (elements.map(depth).max() ?? 0)
        case .object(let object): 1 + (object.members.map { depth(of: $0.value) }.max() ?? 0)
        }
    }

    /// No object has a name twice, and each name finds its value.
    private static func checkNames(of value: JSONValue) throws(BrokenProperty) {
        switch value {
        case .null, .bool, .integer, .double, .string: break
        case .array(let elements):
            for element in elements { try checkNames(of: element) }
        case .object(let object):
            let names = object.members.map { Array($0.name.utf8) }
            try require(Set(names).count == names.count, "A name is there twice: \(value).")
            for member in object.members {
                try require(
                    object[member.name] == member.value, "\(member.name) finds another's value.")
                try checkNames(of: member.value)
            }
        }
    }

    /// Nothing may follow a text, and what has brackets or quotation marks needs both of them.
    private static func checkEnds(of text: [UInt8], _ value: JSONValue) throws(BrokenProperty) {
        for octet in [UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: "\""), 0] {
            try require(Self.value(of: text + [octet]) == nil, "\(octet) may follow \(text).")
        }
        switch value {
        case .null, .bool, .integer, .double: break
        case .string, .array, .object:
            let shorter = Array(value.text.dropLast())
            try require(
                Self.value(of: shorter) == nil, "\(shorter) is taken for whole.")
        }
    }

    /// A member that is there already is refused, however its name is spelt.
    private static func checkRepetition(
        in object: JSONObject, _ input: FuzzInput
    ) throws(BrokenProperty) {
        guard !object.members.isEmpty else { return }
        let member = object.members[input.cut % object.members.count]
        let (comma, end) = (Array(",".utf8), Array(":0}".utf8))
        let spelt = "\"" + member.name.utf16.map(escape).joined() + "\""
        for name in [JSONValue.string(member.name).text, Array(spelt.utf8)] {
            let text = Array(JSONValue.object(object).text.dropLast()) + comma + name + end
            let refusal = refusal(of: text)
            try require(
                refusal == .duplicateMember(JSONPointer().appending(member.name)),
                "\(member.name) is there twice: \(String(describing: refusal)).")
        }
    }

    /// Why a text is refused; nil if it is not.
    private static func refusal(
        of text: [UInt8], depthMax: Int = JSONParser.depthMax
    ) -> JSONError.Reason? {
        do {
            _ = try JSONParser.parse(text.span, depthMax: depthMax)
            return nil
        } catch {
            return error.reason
        }
    }

    private static func escape(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16, uppercase: unit % 2 == 0)
        return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }
}
