/// A time in the form that HTTP sends, `Sun, 06 Nov 1994 08:49:37 GMT`: an IMF-fixdate
/// (RFC 9110 §5.6.7), 29 octets.
package struct HTTPDate: Equatable, Sendable {
    /// The octets.
    package let bytes: [UInt8]

    private static let secondsPerDay: Int64 = 86_400
    /// 9999-12-31T23:59:59Z, the last second whose year has four digits.
    private static let lastSecond: Int64 = 253_402_300_799
    private static let weekdays: StaticString = "MonTueWedThuFriSatSun"
    private static let months: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"

    /// Makes a date of whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    ///
    /// What lies before that time, or after the year 9999, becomes the nearest time that does not.
    package init(unixSeconds: Int64) {
        let seconds = min(max(unixSeconds, 0), Self.lastSecond)
        let days = Int(seconds / Self.secondsPerDay)
        let secondOfDay = Int(seconds % Self.secondsPerDay)
        let (year, month, day) = Self.civilDate(daysSince1970: days)
        var text: [UInt8] = []
        text.reserveCapacity(29)
        // 1970-01-01 was a Thursday, three days after a Monday.
        Self.appendName((days + 3) % 7, of: Self.weekdays, to: &text)
        text.append(", ")
        text.appendDecimal(day, width: 2)
        text.append(" ")
        Self.appendName(month - 1, of: Self.months, to: &text)
        text.append(" ")
        text.appendDecimal(year, width: 4)
        text.append(" ")
        text.appendDecimal(secondOfDay / 3600, width: 2)
        text.append(":")
        text.appendDecimal(secondOfDay / 60 % 60, width: 2)
        text.append(":")
        text.appendDecimal(secondOfDay % 60, width: 2)
        text.append(" GMT")
        bytes = text
    }

    /// The date in the Gregorian calendar of a day from 1970-01-01 on.
    ///
    /// Years are counted from March, so that a leap day is the last day of its year, and in eras
    /// of 400 years, after which the calendar repeats.
    private static func civilDate(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
        let daysSinceMarchOfYear0 = daysSince1970 + 719_468
        let era = daysSinceMarchOfYear0 / 146_097
        let dayOfEra = daysSinceMarchOfYear0 % 146_097
        let leapDays = dayOfEra / 1_460 - dayOfEra / 36_524 + dayOfEra / 146_096
        let yearOfEra = (dayOfEra - leapDays) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // From March on, five months always have 153 days.
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
    }

    /// Appends the name at `index` of names of three letters each.
    private static func appendName(_ index: Int, of names: StaticString, to text: inout [UInt8]) {
        names.withUTF8Buffer { text.append(contentsOf: $0[3 * index..<3 * index + 3]) }
    }
}
