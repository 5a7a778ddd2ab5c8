/// The roles of one user: sorted, each once, at most 16.
package struct RoleSet: Hashable, Sendable {
    /// The most roles that one user may hold (docs/api.md).
    package static let countMax = 16

    /// What a user holds after registration: ``RoleName/member``. It is made of literals for the
    /// reason that ``Metadata/empty`` is.
    package static let initial = RoleSet(trusted: [RoleName(trusted: "member")])

    /// Why a set of more is none.
    package static let tooMany = InvalidValue(
        .tooManyRoles, "A user holds at most \(countMax) roles.")

    /// The names in ascending order.
    package let names: [RoleName]

    /// Takes sorted, different names that this service stored, unchecked.
    package init(trusted names: [RoleName]) {
        self.names = names
    }

    /// Makes a set of names in any order; one that appears twice counts once.
    package init(_ names: [RoleName]) throws(InvalidValue) {
        let different = Set(names)
        guard different.count <= Self.countMax else { throw Self.tooMany }
        self.names = different.sorted()
    }
}
