import Ambient
import JSON
import Users

@testable import UsersRedis

/// What holds of users' entries in the cache.
enum EntryProperties {
    /// Where the id of its user stands in an entry.
    private static let idStart = 2

    static func check(_ input: FuzzInput) throws(BrokenProperty) {
        let octets = input.bytes
        try check(octets, of: UserID(UUID(high: 0, low: 0)))
        guard octets.count >= idStart + 16 else { return }
        let id = UserID(
            UUID(
                high: UInt64(bigEndian: octets[idStart..<(idStart + 8)]),
                low: UInt64(bigEndian: octets[(idStart + 8)..<(idStart + 16)])))
        try check(octets, of: id)
    }

    /// An entry is a user's whose entry it is, octet by octet.
    private static func check(_ octets: [UInt8], of id: UserID) throws(BrokenProperty) {
        guard let user = UserEntry.user(withID: id, in: octets) else { return }
        try require(user.id == id && user.deletedAt == nil, "\(user) is not \(id).")
        try require(user.version > 0, "\(user.version) is a version.")
        try require(
            user.roles.names.count <= RoleSet.countMax, "\(user.roles.names.count) roles are read.")
        for metadata in [user.metadata, user.adminMetadata] {
            guard case .object? = JSONProperties.value(of: metadata.text) else {
                throw BrokenProperty(description: "\(metadata.text) is metadata.")
            }
        }
        for time in [user.createdAt, user.updatedAt, user.passwordChangedAt].compactMap(\.self) {
            try require(
                time.rfc3339.utf8.count <= Timestamp.textOctetsMax, "\(time) cannot be written.")
        }
        let again = UserEntry.octets(of: user)
        try require(
            again == octets, "\(user) is \(String(describing: again)), not \(octets).")
        try require(
            UserEntry.user(withID: id, in: Array(octets.dropLast())) == nil
                && UserEntry.user(withID: id, in: octets + [0]) == nil,
            "An entry of another length is one: \(octets).")
    }
}
