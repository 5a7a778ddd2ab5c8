import Ambient
package import Authentication
package import Users

extension Account {
    /// Somebody with the password `seven quiet otters swim`, as ``FakeChecker`` knows it.
    package static func sample(
        _ number: UInt64 = 1, status: UserStatus = .active,
        hash: String? = "hash of \(Account.samplePassword)"
    ) -> Account {
        Account(
            id: UserID(UUID(high: 0x0190_b6c5_5b1e_7cc3, low: 0x8000_0000_0000_0000 | number)),
            email: EmailAddress(
                trusted: "Ada.\(number)@Example.com", key: "ada.\(number)@example.com"),
            displayName: DisplayName(trusted: "Ada"), status: status, passwordHash: hash)
    }

    /// The password of ``sample(_:status:hash:)``.
    package static let samplePassword = "seven quiet otters swim"
}

extension InMemoryAuthenticationRepository {
    /// Adds a user, or puts another in its place.
    package func add(
        _ account: Account, _ permissions: PermissionSet = [], epoch: Int64 = 0
    ) {
        inspect {
            $0.members[account.id] = Member(
                account: account, permissions: permissions, epoch: epoch)
        }
    }
}
