import JSON

/// A text's refusal, in a form that a table can expect.
struct Refusal: Equatable, Sendable {
    let reason: JSONError.Reason
    let offset: Int

    init(_ reason: JSONError.Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

func parse(_ text: String) throws(JSONError) -> JSONValue {
    let octets = Array(text.utf8)
    return try JSONParser.parse(octets.span)
}

/// The object that `text` is; an empty one with no members if it is something else.
func parseObject(_ text: String) throws(JSONError) -> JSONObject {
    guard case .object(let object) = try parse(text) else { return JSONObject() }
    return object
}

/// Why `octets` are refused; nil if they are not.
func refusal(of octets: [UInt8], depthMax: Int = JSONParser.depthMax) -> Refusal? {
    do {
        _ = try JSONParser.parse(octets.span, depthMax: depthMax)
        return nil
    } catch {
        return Refusal(error.reason, at: error.offset)
    }
}

func refusal(of text: String, depthMax: Int = JSONParser.depthMax) -> Refusal? {
    refusal(of: Array(text.utf8), depthMax: depthMax)
}

func reasonForRefusing(_ text: String) -> JSONError.Reason? {
    refusal(of: text)?.reason
}
