import HTTP
import Testing

@Suite("Dates")
struct HTTPDateTests {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (68_255_999, "Tue, 29 Feb 1972 23:59:59 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"),
        (946_684_799, "Fri, 31 Dec 1999 23:59:59 GMT"),
        (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
        (1_735_603_200, "Tue, 31 Dec 2024 00:00:00 GMT"),
        (2_147_483_647, "Tue, 19 Jan 2038 03:14:07 GMT"),
        (2_147_483_648, "Tue, 19 Jan 2038 03:14:08 GMT"),
        (4_107_456_000, "Sun, 28 Feb 2100 00:00:00 GMT"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        (253_402_300_800, "Fri, 31 Dec 9999 23:59:59 GMT"),
        (-1, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (Int64.max, "Fri, 31 Dec 9999 23:59:59 GMT"),
        (Int64.min, "Thu, 01 Jan 1970 00:00:00 GMT"),
    ])
    func `seconds become a date`(_ seconds: Int64, _ expected: String) {
        #expect(String(decoding: HTTPDate(unixSeconds: seconds).bytes, as: UTF8.self) == expected)
    }

    @Test func `each day for four centuries follows the day before`() {
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        var (year, month, day, weekday) = (1970, 0, 1, 3)
        for count in 0..<146_097 {
            let bytes = HTTPDate(unixSeconds: Int64(count) * 86_400).bytes
            let twoDigits = day < 10 ? "0\(day)" : "\(day)"
            let expected = "\(days[weekday]), \(twoDigits) \(months[month]) \(year) 00:00:00 GMT"
            guard bytes == octets(expected) else {
                Issue.record("\(String(decoding: bytes, as: UTF8.self)) is not \(expected).")
                return
            }
            weekday = (weekday + 1) % 7
            day += 1
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            if day > [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month] {
                (month, day) = (month + 1, 1)
            }
            if month == 12 { (year, month) = (year + 1, 0) }
        }
    }
}
