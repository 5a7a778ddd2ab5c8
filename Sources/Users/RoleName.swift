/// The name of a role: `^[a-z][a-z0-9_-]{0,62}$`.
package struct RoleName: Hashable, Comparable, Sendable {
    /// The role of whoever registers; it grants nothing.
    package static let member = RoleName(trusted: "member")
    /// The role that has every permission; somebody holds it always.
    package static let admin = RoleName(trusted: "admin")

    /// The longest name in octets.
    package static let octetCountMax = 63

    /// The name.
    package let rawValue: String

    /// Whether the service relies on the role, so that it can neither be changed nor deleted.
    package var isBuiltIn: Bool { self == .admin || self == .member }

    /// Takes a name that this service stored, unchecked.
    package init(trusted rawValue: String) {
        self.rawValue = rawValue
    }

    /// Whether `left` sorts before `right`, octet by octet.
    package static func < (left: RoleName, right: RoleName) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }
}

extension RoleName: ParsableFromText {
    /// Checks a name.
    package init(parsing text: String) throws(InvalidValue) {
        let octets = text.utf8
        guard let first = octets.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first),
            octets.count <= Self.octetCountMax, octets.allSatisfy(Self.isAllowed)
        else {
            throw InvalidValue(
                .invalidRole,
                "A role is a lower-case letter and up to 62 of a-z, 0-9, _ and - after it.")
        }
        self.init(trusted: text)
    }

    private static func isAllowed(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
