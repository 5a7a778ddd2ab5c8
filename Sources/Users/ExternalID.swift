/// A user's id in another system: 1 to 255 code points, kept and compared as given.
package struct ExternalID: Hashable, Sendable {
    /// The longest id in code points (docs/api.md).
    package static let codePointCountMax = 255

    /// The id.
    package let rawValue: String

    /// Takes an id that this service stored, unchecked.
    package init(trusted rawValue: String) {
        self.rawValue = rawValue
    }
}

extension ExternalID: ParsableFromText {
    /// Checks an id: neither empty nor too long, and no controls. It is neither trimmed nor
    /// normalised, since only the other system knows what its characters mean.
    package init(parsing text: String) throws(InvalidValue) {
        guard !text.isEmpty else {
            throw InvalidValue(.tooShort, "An external id has at least one character.")
        }
        guard text.unicodeScalars.count <= Self.codePointCountMax else {
            throw InvalidValue(.tooLong, "An external id has at most 255 characters.")
        }
        guard !text.unicodeScalars.contains(where: \.isControl) else {
            throw InvalidValue(.invalidExternalID, "An external id has no control characters.")
        }
        self.init(trusted: text)
    }
}
