import Glibc
import HTTP

/// The `Date` of answers, made anew once a second.
struct DateClock: Sendable {
    private var second = 0
    private var current = HTTPDate(unixSeconds: 0)

    /// The date now.
    mutating func date() -> HTTPDate {
        let now = time(nil)
        if now != second {
            second = now
            current = HTTPDate(unixSeconds: Int64(now))
        }
        return current
    }
}
