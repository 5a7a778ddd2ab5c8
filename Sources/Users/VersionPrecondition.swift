/// Which version a user must have for a write to happen (RFC 9110 §13.1.1, `If-Match`).
package enum VersionPrecondition: Hashable, Sendable {
    /// Whichever it has.
    case any
    /// One of these; none of them if no entity tag that was sent could be one of a user's.
    case oneOf(Set<Int64>)

    /// Whether a user of `version` may be written.
    package func allows(_ version: Int64) -> Bool {
        switch self {
        case .any: true
        case .oneOf(let versions): versions.contains(version)
        }
    }
}
