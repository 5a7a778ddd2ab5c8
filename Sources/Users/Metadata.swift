package import JSON

/// A JSON object that clients keep with a user: at most 16 KiB, opaque to the service.
///
/// It is held as the text that goes into the database and comes out of it, so that reading a user
/// parses nothing.
package struct Metadata: Hashable, Sendable {
    /// The longest text in octets, as this service writes it: without white space, numbers spelt
    /// out. PostgreSQL's `jsonb` gives it back with a space after each comma and colon.
    package static let octetCountMax = 16 * 1024

    /// An object without members. It is made of literals, so that the compiler lays it out for
    /// good: loops that share it count no references, which would cost them more than a copy.
    package static let empty = Metadata(trusted: [UInt8(ascii: "{"), UInt8(ascii: "}")])

    /// The object as JSON text.
    package let text: [UInt8]

    /// Takes the text of an object that this service stored, unchecked.
    package init(trusted text: [UInt8]) {
        self.text = text
    }

    /// Checks an object: its type, its size, and that no string has U+0000 in it, which `jsonb`
    /// cannot keep.
    package init(parsing value: JSONValue) throws(InvalidValue) {
        guard case .object = value else {
            throw InvalidValue(.wrongType, "Metadata is an object.")
        }
        var survey = JSONSurvey()
        survey.visit(value)
        guard !survey.hasZero else {
            throw InvalidValue(.invalidMetadata, "Metadata has no U+0000 in its strings.")
        }
        let tooLarge = InvalidValue(
            .tooLarge, "Metadata has at most \(Self.octetCountMax / 1024) KiB as JSON text.")
        // A value takes at least an octet and a comma or two brackets, so more of them are too
        // large and need not be written out, which for numbers like 1e-300 takes its time.
        guard survey.valueCount <= Self.octetCountMax / 2 else { throw tooLarge }
        let text = value.text
        guard text.count <= Self.octetCountMax else { throw tooLarge }
        self.init(trusted: text)
    }

    /// This object after a merge patch (RFC 7396).
    package func merged(with patch: JSONObject) throws(MetadataMergeError) -> Metadata {
        guard let stored = try? JSONParser.parse(text.span), case .object(let object) = stored
        else { throw .unreadable }
        do {
            return try Metadata(parsing: .object(object.mergePatched(with: patch)))
        } catch {
            throw .invalid(error)
        }
    }
}

/// Why a merge patch gives no metadata.
package enum MetadataMergeError: Error, Hashable {
    /// The result is not what metadata may be.
    case invalid(InvalidValue)
    /// The stored text is not a JSON object, though this service keeps nothing else.
    case unreadable
}

/// What is looked for in a value before its text is made.
private struct JSONSurvey {
    /// The values in it, itself included.
    var valueCount = 0
    /// Whether a string or a name has U+0000 in it.
    var hasZero = false

    mutating func visit(_ value: JSONValue) {
        valueCount += 1
        switch value {
        case .null, .bool, .integer, .double: break
        case .string(let string): visit(string)
        case .array(let elements): elements.forEach { visit($0) }
        case .object(let object):
            for member in object.members {
                visit(member.name)
                visit(member.value)
            }
        }
    }

    private mutating func visit(_ string: String) {
        hasZero = hasZero || string.utf8.contains(0)
    }
}
