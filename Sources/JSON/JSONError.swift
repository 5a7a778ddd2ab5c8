/// Why a text is not the JSON that we read, and where.
package struct JSONError: Error, Hashable {
    /// What is wrong.
    package enum Reason: Hashable, Sendable {
        /// There is no value: the text is empty or blank.
        case empty
        /// The text begins with a byte order mark (RFC 8259 §8.1).
        case byteOrderMark
        /// The octets are not UTF-8 (RFC 8259 §8.1).
        case invalidUTF8
        /// The text ends inside a value.
        case truncated
        /// An octet that cannot be there: a comma too many, a single quote, a misspelt literal.
        case unexpectedByte
        /// Something other than white space follows the value.
        case trailingBytes
        /// An octet below 0x20 stands unescaped in a string (RFC 8259 §7).
        case controlCharacter
        /// A backslash is followed by no escape of RFC 8259 §7.
        case invalidEscape
        /// A `\u` escape is half of a surrogate pair and its other half is missing.
        case loneSurrogate
        /// A number has a leading zero, no digit after its point, or the like (RFC 8259 §6).
        case malformedNumber
        /// An integer is beyond 64 bits, or another number beyond the range of a double.
        case numberOutOfRange
        /// Arrays and objects are nested deeper than the caller allows.
        case tooDeep
        /// A name appears twice in one object; the pointer says which (RFC 8259 §4).
        case duplicateMember(JSONPointer)
    }

    /// What is wrong.
    package let reason: Reason
    /// The octet, counted from 0, at which it shows.
    package let offset: Int

    init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension JSONError: CustomStringConvertible {
    /// What is wrong, and where, in one English sentence.
    package var description: String {
        switch reason {
        case .empty: "The text is empty."
        case .byteOrderMark: "The text begins with a byte order mark."
        case .invalidUTF8: "The text is not UTF-8 at octet \(offset)."
        case .truncated: "The text ends inside a value."
        case .unexpectedByte: "The text goes wrong at octet \(offset)."
        case .trailingBytes: "Something follows the value, at octet \(offset)."
        case .controlCharacter: "A control character stands unescaped at octet \(offset)."
        case .invalidEscape: "The escape at octet \(offset) is none of JSON's."
        case .loneSurrogate: "The escape at octet \(offset) is half of a surrogate pair."
        case .malformedNumber: "A number goes wrong at octet \(offset)."
        case .numberOutOfRange: "The number at octet \(offset) is out of range."
        case .tooDeep: "Arrays and objects are nested too deep at octet \(offset)."
        case .duplicateMember(let pointer):
            "The member \(pointer.text) appears a second time at octet \(offset)."
        }
    }
}
