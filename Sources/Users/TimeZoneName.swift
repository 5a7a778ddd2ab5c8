/// The name of a time zone in the IANA Time Zone Database: `Europe/London`.
package struct TimeZoneName: Hashable, Sendable {
    /// The name.
    package let rawValue: String

    /// Takes a name that this service stored, unchecked.
    package init(trusted rawValue: String) {
        self.rawValue = rawValue
    }

    /// The names that ``TimeZoneNames`` lists.
    private static let known = Set(
        TimeZoneNames.text.split(whereSeparator: \.isWhitespace).map(String.init))
}

extension TimeZoneName: ParsableFromText {
    /// Looks a name up: zones and links, spelt as the database spells them.
    package init(parsing text: String) throws(InvalidValue) {
        guard Self.known.contains(text) else {
            throw InvalidValue(
                .invalidTimeZone, "A time zone is an IANA name such as Europe/London.")
        }
        self.init(trusted: text)
    }
}
