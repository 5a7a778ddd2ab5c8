@testable import Ambient
import Testing

@Suite("Timestamps as text, RFC 3339")
struct TimestampTextTests {
    struct Written: Sendable, CustomTestStringConvertible {
        let microseconds: Int64
        let text: String
        var testDescription: String { text }
    }

    @Test(arguments: [
        Written(microseconds: 0, text: "1970-01-01T00:00:00.000000Z"),
        Written(microseconds: 1, text: "1970-01-01T00:00:00.000001Z"),
        Written(microseconds: -1, text: "1969-12-31T23:59:59.999999Z"),
        Written(microseconds: 1_795_380_360_123_456, text: "2026-11-22T20:46:00.123456Z"),
        Written(microseconds: 951_782_400_000_000, text: "2000-02-29T00:00:00.000000Z"),
        Written(microseconds: 951_868_799_999_999, text: "2000-02-29T23:59:59.999999Z"),
        Written(microseconds: 951_868_800_000_000, text: "2000-03-01T00:00:00.000000Z"),
        Written(microseconds: 4_107_542_400_000_000, text: "2100-03-01T00:00:00.000000Z"),
        Written(microseconds: -62_167_219_200_000_000, text: "0000-01-01T00:00:00.000000Z"),
        Written(microseconds: 253_402_300_799_999_999, text: "9999-12-31T23:59:59.999999Z"),
        Written(microseconds: 253_402_300_800_000_000, text: "+010000-01-01T00:00:00.000000Z"),
        Written(microseconds: -62_167_219_200_000_001, text: "-000001-12-31T23:59:59.999999Z"),
        Written(microseconds: .max, text: "+294247-01-10T04:00:54.775807Z"),
        Written(microseconds: .min, text: "-290308-12-21T19:59:05.224192Z"),
    ])
    func `a time is written in UTC with microseconds`(_ given: Written) {
        #expect(Timestamp(microsecondsSince1970: given.microseconds).rfc3339 == given.text)
    }

    @Test func `appending leaves what the buffer held`() {
        var bytes = Array("at ".utf8)
        Timestamp(microsecondsSince1970: 0).append(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "at 1970-01-01T00:00:00.000000Z")
    }

    @Test(arguments: [
        Written(microseconds: 0, text: "1970-01-01T00:00:00.000000Z"),
        Written(microseconds: 0, text: "1970-01-01T00:00:00Z"),
        Written(microseconds: 500_000, text: "1970-01-01T00:00:00.5Z"),
        Written(microseconds: 120, text: "1970-01-01T00:00:00.00012Z"),
        Written(microseconds: 0, text: "1970-01-01T00:00:00+00:00"),
        Written(microseconds: 0, text: "1970-01-01T00:00:00-00:00"),
        Written(microseconds: 0, text: "1970-01-01T05:30:00+05:30"),
        Written(microseconds: 0, text: "1969-12-31T16:00:00.000-08:00"),
        Written(microseconds: -1, text: "1969-12-31T23:59:59.999999Z"),
        Written(microseconds: 951_782_400_000_000, text: "2000-02-29T00:00:00Z"),
        Written(microseconds: -62_167_219_200_000_000, text: "0000-01-01T00:00:00Z"),
        Written(microseconds: 253_402_300_799_999_999, text: "9999-12-31T23:59:59.999999Z"),
    ])
    func `a well-formed time is read`(_ given: Written) {
        #expect(Timestamp(rfc3339: given.text)?.microsecondsSince1970 == given.microseconds)
    }

    @Test(arguments: [
        "", "Z", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01T00:00Z",
        "1970-01-01 00:00:00Z", "1970-01-01t00:00:00Z", "1970-01-01T00:00:00z",
        "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00.1234567Z", "1970-01-01T00:00:00,5Z",
        "1970-01-01T00:00:00.5", "1970-01-01T00:00:00ZZ", "1970-01-01T00:00:00Z\0",
        "1970-01-01T00:00:00+0000", "1970-01-01T00:00:00+00", "1970-01-01T00:00:00+24:00",
        "1970-01-01T00:00:00+00:60", "1970-01-01T00:00:00 00:00", "1970-01-01T00:00:00+00:000",
        "1970-00-01T00:00:00Z", "1970-13-01T00:00:00Z", "1970-01-00T00:00:00Z",
        "1970-01-32T00:00:00Z", "1970-04-31T00:00:00Z", "1970-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z", "2000-02-30T00:00:00Z", "1970-01-01T24:00:00Z",
        "1970-01-01T00:60:00Z", "1990-12-31T23:59:60Z", "+1970-01-01T00:00:00Z",
        "-970-01-01T00:00:00Z", " 1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z ",
        "१९७०-01-01T00:00:00Z", "1970-1-1T00:00:00.000Z", "19700101T000000.000000Z",
    ])
    func `a malformed or unkeepable time is refused`(_ text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func `what is written is read back, and sorts as the times do`() {
        let entropy = Entropy.seeded(7)
        let years0To9999: Range<Int64> = -62_167_219_200_000_000..<253_402_300_800_000_000
        var earlier = Timestamp(microsecondsSince1970: 0)
        for _ in 0..<20_000 {
            let step = Int64(entropy.next() % UInt64(years0To9999.count))
            let time = Timestamp(microsecondsSince1970: years0To9999.lowerBound + step)
            #expect(Timestamp(rfc3339: time.rfc3339) == time)
            #expect((time < earlier) == (time.rfc3339 < earlier.rfc3339))
            earlier = time
        }
    }

    @Test func `every day of four centuries follows the day before`() throws {
        var date = try #require(CivilDate(year: 1600, month: 1, day: 1))
        for days in date.daysSince1970..<(date.daysSince1970 + 146_097) {
            let next = CivilDate(daysSince1970: days + 1)
            #expect(next.daysSince1970 == days + 1)
            let isNextDay = next.day == date.day + 1 && next.month == date.month
            let isNextMonth = next.day == 1 && (next.month == date.month % 12 + 1)
            #expect(isNextDay || isNextMonth)
            date = next
        }
        #expect(date == CivilDate(year: 2000, month: 1, day: 1))
    }
}
