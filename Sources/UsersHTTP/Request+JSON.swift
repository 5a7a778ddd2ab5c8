package import HTTP
import HTTPTypes
package import JSON

extension Request {
    /// The media types of a JSON Merge Patch (RFC 7396), of which clients often send the second.
    static let patchTypes = ["application/merge-patch+json", "application/json"]

    /// The request's body as JSON.
    /// - Parameter mediaTypes: Those accepted, the preferred one first.
    /// - Throws: 415 for another media type, 411 without a body, 413 for a body too large, 400 for
    ///   what is not JSON.
    package func json(_ mediaTypes: [String], bytesMax: Int) async throws(Problem) -> JSONValue {
        try JSONValue(content: await content(mediaTypes, bytesMax: bytesMax))
    }

    /// The octets of the request's body, which is to be JSON.
    /// - Throws: As ``json(_:bytesMax:)`` does, but for what is not JSON.
    func content(_ mediaTypes: [String], bytesMax: Int) async throws(Problem) -> [UInt8] {
        guard let type = head.fields.value(of: .contentType).flatMap(MediaType.init(parsing:)),
            mediaTypes.contains(type.essence), type.isUTF8
        else { throw .unsupportedMediaType(for: head.method, accepted: mediaTypes) }
        guard head.framing != .none else { throw .lengthRequired }
        do {
            return try await body.collect(upTo: bytesMax)
        } catch {
            throw Problem(error)
        }
    }
}

extension JSONValue {
    /// Reads the content of a request.
    /// - Throws: 400 for what is not JSON.
    init(content: [UInt8]) throws(Problem) {
        do {
            self = try JSONParser.parse(content.span)
        } catch {
            throw Problem(error)
        }
    }
}

extension Problem {
    /// 400: the body is not JSON as RFC 8259 has it.
    fileprivate init(_ error: JSONError) {
        self.init(
            of: .malformedJSON,
            detail: "\(error.reason.sentence) (octet \(error.offset))")
        if case .duplicateMember(let pointer) = error.reason {
            faults = [
                Fault(
                    pointer: pointer.text, code: "duplicate_member",
                    detail: "The member stands there twice.")
            ]
        }
    }
}

extension JSONError.Reason {
    /// What is wrong, for people; it quotes nothing.
    fileprivate var sentence: String {
        switch self {
        case .empty: "The body is empty."
        case .byteOrderMark: "The text begins with a byte order mark."
        case .invalidUTF8: "The text is not UTF-8."
        case .truncated: "The text ends inside a value."
        case .unexpectedByte: "Something stands where it cannot."
        case .trailingBytes: "Something follows the value."
        case .controlCharacter: "A control character stands unescaped in a string."
        case .invalidEscape: "A backslash is followed by no known escape."
        case .loneSurrogate: "An escape is half of a surrogate pair."
        case .malformedNumber: "A number is malformed."
        case .numberOutOfRange: "A number is beyond 64 bits."
        case .tooDeep: "Values are nested deeper than \(JSONParser.depthMax) levels."
        case .duplicateMember: "A member name stands twice in one object."
        }
    }
}
