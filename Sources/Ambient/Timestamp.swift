/// A point in civil time, in microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Microseconds are what PostgreSQL keeps, so a value comes back from the database as it went.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Microseconds since the Unix epoch; negative before it.
    package let microsecondsSince1970: Int64

    /// Makes a time from microseconds since the Unix epoch.
    package init(microsecondsSince1970: Int64) {
        self.microsecondsSince1970 = microsecondsSince1970
    }

    /// Whether `left` is the earlier of the two.
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microsecondsSince1970 < right.microsecondsSince1970
    }
}
