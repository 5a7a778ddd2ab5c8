import Ambient
import Users

/// Users to keep.
enum Sample {
    static let time = Timestamp(microsecondsSince1970: 1_795_380_360_123_456)

    /// A time so many microseconds after ``time``.
    static func time(after microseconds: Int64) -> Timestamp {
        Timestamp(microsecondsSince1970: time.microsecondsSince1970 + microseconds)
    }

    static func id(_ number: Int) -> UserID {
        UserID(UUID(high: 0x0190_b6c5_5b1e_7cc3, low: 0x8000_0000_0000_0000 | UInt64(number)))
    }

    /// A user in whom everything is NULL or empty that may be, different for each `number`.
    static func bareUser(
        _ number: Int = 1, email: String? = nil, externalID: String? = nil,
        createdAt: Timestamp = time
    ) throws(InvalidValue) -> User {
        User(
            id: id(number), externalID: externalID.map(ExternalID.init(trusted:)),
            email: try EmailAddress(parsing: email ?? "user.\(number)@example.com"),
            isEmailVerified: false, displayName: DisplayName(trusted: "A"), locale: nil,
            timeZone: nil, status: .active, roles: RoleSet(trusted: []), metadata: .empty,
            adminMetadata: .empty, createdAt: createdAt, updatedAt: createdAt,
            passwordChangedAt: nil, deletedAt: nil, version: 1)
    }

    /// A user in whom everything is set, and each value tells where it belongs.
    static func fullUser(_ number: Int = 2) throws(InvalidValue) -> User {
        User(
            id: id(number), externalID: ExternalID(trusted: "crm:\(number)/Ω"),
            email: try EmailAddress(parsing: "Zoë.\(number)+x@Bücher.Example"),
            isEmailVerified: true,
            displayName: try DisplayName(parsing: "Zoë Ångström 🦊 العربية"),
            locale: LanguageTag(trusted: "sr-Latn-RS"),
            timeZone: TimeZoneName(trusted: "Europe/London"), status: .disabled,
            roles: RoleSet(trusted: ["admin", "member", "x-1_2"].map(RoleName.init(trusted:))),
            metadata: metadata(#"{"a": [1, 2.5, true, null, "\"ü🦊"], "b": {}}"#),
            adminMetadata: metadata(#"{"note": "only us"}"#), createdAt: time,
            updatedAt: time(after: 1), passwordChangedAt: time(after: 2), deletedAt: nil,
            version: 41)
    }

    /// Metadata from JSON as PostgreSQL spells it, so that it comes back octet by octet.
    static func metadata(_ text: String) -> Metadata { Metadata(trusted: Array(text.utf8)) }
}
