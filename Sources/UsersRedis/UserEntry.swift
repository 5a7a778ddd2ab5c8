import Ambient
import JSON
import Users

/// A user as the cache keeps one, in octets: the members in the order of ``octets``, numbers with
/// their highest octet first, texts and JSON with their length in four octets before them.
///
/// What is read may have been written by anybody: whatever is not what this writes of a user who is
/// not deleted is none.
enum UserEntry {
    /// What an entry begins with; a lease begins with another octet. Another form needs another
    /// one: processes of two versions may share a Redis, and each has to delete what the other one
    /// keeps, so the form is not told by the key.
    static let mark = UInt8(ascii: "U")
    /// The longest entry in octets; a longer one is not kept.
    static let octetCountMax = 16 * 1024

    /// Which of the optional members there are, and the members that have two values.
    private struct Flags: OptionSet {
        let rawValue: UInt8
        static let emailVerified = Flags(rawValue: 1)
        static let disabled = Flags(rawValue: 1 << 1)
        static let externalID = Flags(rawValue: 1 << 2)
        static let locale = Flags(rawValue: 1 << 3)
        static let timeZone = Flags(rawValue: 1 << 4)
        static let passwordChanged = Flags(rawValue: 1 << 5)
        static let all = Flags(rawValue: 1 << 6 - 1)
    }

    /// A user's entry; nil for one who is deleted, or too long.
    static func octets(of user: User) -> [UInt8]? {
        guard user.deletedAt == nil else { return nil }
        var flags = Flags()
        if user.isEmailVerified { flags.insert(.emailVerified) }
        if user.status == .disabled { flags.insert(.disabled) }
        if user.externalID != nil { flags.insert(.externalID) }
        if user.locale != nil { flags.insert(.locale) }
        if user.timeZone != nil { flags.insert(.timeZone) }
        if user.passwordChangedAt != nil { flags.insert(.passwordChanged) }
        var octets: [UInt8] = []
        octets.reserveCapacity(512)
        octets += [mark, flags.rawValue]
        octets.append(bigEndian: user.id.uuid.high)
        octets.append(bigEndian: user.id.uuid.low)
        octets.append(bigEndian: UInt64(bitPattern: user.version))
        for time in [user.createdAt, user.updatedAt, user.passwordChangedAt] {
            guard let time else { continue }
            octets.append(bigEndian: UInt64(bitPattern: time.microsecondsSince1970))
        }
        octets.append(text: user.email.rawValue.utf8)
        octets.append(text: user.email.key.utf8)
        octets.append(text: user.displayName.rawValue.utf8)
        for text in [user.externalID?.rawValue, user.locale?.rawValue, user.timeZone?.rawValue] {
            if let text { octets.append(text: text.utf8) }
        }
        octets.append(UInt8(user.roles.names.count))
        for role in user.roles.names { octets.append(text: role.rawValue.utf8) }
        octets.append(text: user.metadata.text)
        octets.append(text: user.adminMetadata.text)
        return octets.count <= octetCountMax ? octets : nil
    }

    /// The user with this id whose entry this is; nil if it is none.
    static func user(withID id: UserID, in octets: [UInt8]) -> User? {
        var reader = EntryReader(octets)
        guard reader.octet() == mark, let flags = reader.octet().map(Flags.init(rawValue:)),
            Flags.all.isSuperset(of: flags),
            reader.number() == id.uuid.high, reader.number() == id.uuid.low,
            let version = reader.number().map(Int64.init(bitPattern:)), version > 0,
            let createdAt = reader.time(), let updatedAt = reader.time(),
            let passwordChangedAt = reader.optional(
                flags.contains(.passwordChanged), { $0.time() }),
            let email = reader.text(), let key = reader.text(), let displayName = reader.text(),
            let externalID = reader.optional(flags.contains(.externalID), { $0.text() }),
            let locale = reader.optional(flags.contains(.locale), { $0.text() }),
            let timeZone = reader.optional(flags.contains(.timeZone), { $0.text() }),
            let roles = reader.roles(),
            let metadata = reader.metadata(), let adminMetadata = reader.metadata(),
            reader.isAtEnd
        else { return nil }
        return User(
            id: id, externalID: externalID.map(ExternalID.init(trusted:)),
            email: EmailAddress(trusted: email, key: key),
            isEmailVerified: flags.contains(.emailVerified),
            displayName: DisplayName(trusted: displayName),
            locale: locale.map(LanguageTag.init(trusted:)),
            timeZone: timeZone.map(TimeZoneName.init(trusted:)),
            status: flags.contains(.disabled) ? .disabled : .active, roles: roles,
            metadata: metadata, adminMetadata: adminMetadata, createdAt: createdAt,
            updatedAt: updatedAt, passwordChangedAt: passwordChangedAt, deletedAt: nil,
            version: version)
    }
}

extension [UInt8] {
    /// Appends octets with their length before them.
    fileprivate mutating func append(text: some Collection<UInt8>) {
        let count = UInt32(text.count)
        Swift.withUnsafeBytes(of: count.bigEndian) { append(contentsOf: $0) }
        append(contentsOf: text)
    }
}

/// Reads the members of an entry one after the other; nil where there is none of its kind.
private struct EntryReader {
    private var rest: ArraySlice<UInt8>

    init(_ octets: [UInt8]) { rest = octets[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func octet() -> UInt8? { rest.popFirst() }

    mutating func number() -> UInt64? { take(8).map(UInt64.init(bigEndian:)) }

    mutating func time() -> Timestamp? {
        number().map { Timestamp(microsecondsSince1970: Int64(bitPattern: $0)) }
    }

    mutating func text() -> String? {
        octets().flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// A member that may be missing, which is no fault.
    mutating func optional<Value>(
        _ isThere: Bool, _ read: (inout EntryReader) -> Value?
    ) -> Value?? {
        guard isThere else { return .some(nil) }
        return read(&self).map { .some($0) }
    }

    mutating func roles() -> RoleSet? {
        guard let count = octet(), count <= RoleSet.countMax else { return nil }
        var names: [RoleName] = []
        for _ in 0..<count {
            guard let text = text(), let name = try? RoleName(parsing: text) else { return nil }
            names.append(name)
        }
        return names == [.member] ? .initial : RoleSet(trusted: names)
    }

    /// JSON goes to clients as it is, so it has to be an object.
    mutating func metadata() -> Metadata? {
        guard let text = octets() else { return nil }
        if text.elementsEqual(Metadata.empty.text) { return .empty }
        let octets = Array(text)
        guard case .object = try? JSONParser.parse(octets.span) else { return nil }
        return Metadata(trusted: octets)
    }

    private mutating func octets() -> ArraySlice<UInt8>? {
        take(4).flatMap { take(Int(UInt64(bigEndian: $0))) }
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}
