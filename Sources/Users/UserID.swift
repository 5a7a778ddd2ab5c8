package import Ambient

/// What a user is known by, for ever: a UUID, version 7 unless an administrator chose another.
package struct UserID: Hashable, Comparable, Sendable {
    /// The identifier as such.
    package let uuid: UUID

    /// Makes a user's id of any UUID.
    package init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// Whether `left` sorts before `right`, as PostgreSQL sorts `uuid`.
    package static func < (left: UserID, right: UserID) -> Bool {
        left.uuid < right.uuid
    }
}

extension UserID: ParsableFromText {
    /// Parses the canonical text of a UUID, in either case (RFC 9562 §4).
    package init(parsing text: String) throws(InvalidValue) {
        guard let uuid = UUID(parsing: text) else {
            throw InvalidValue(.invalidID, "An id is a UUID: 8-4-4-4-12 hexadecimal digits.")
        }
        self.init(uuid)
    }
}
