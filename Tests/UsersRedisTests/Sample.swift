import Ambient
import Users

/// Users to keep.
enum Sample {
    /// One in whom everything is NULL or empty that may be.
    static let bareUser = User(
        id: id(1), externalID: nil, email: EmailAddress(trusted: "A@b.example", key: "a@b.example"),
        isEmailVerified: false, displayName: DisplayName(trusted: "A"), locale: nil, timeZone: nil,
        status: .active, roles: .initial, metadata: .empty, adminMetadata: .empty,
        createdAt: time(0x100), updatedAt: time(0x200), passwordChangedAt: nil, deletedAt: nil,
        version: 7)

    /// One in whom everything is set, and each value tells where it belongs.
    static let fullUser = User(
        id: id(2), externalID: ExternalID(trusted: "crm:2/Ω"),
        email: EmailAddress(trusted: "Zoë@Bücher.Example", key: "zoë@xn--bcher-kva.example"),
        isEmailVerified: true, displayName: DisplayName(trusted: "Zoë Ångström 🦊 العربية"),
        locale: LanguageTag(trusted: "sr-Latn-RS"),
        timeZone: TimeZoneName(trusted: "Europe/London"),
        status: .disabled,
        roles: RoleSet(trusted: ["admin", "member", "x-1_2"].map(RoleName.init(trusted:))),
        metadata: metadata(#"{"a": [1, 2.5, true, null, "\"ü🦊"], "b": {}}"#),
        adminMetadata: metadata(#"{"note": "only us"}"#), createdAt: time(1), updatedAt: time(-2),
        passwordChangedAt: time(3), deletedAt: nil, version: .max)

    /// The id of a number.
    static func id(_ number: UInt64) -> UserID {
        UserID(UUID(high: 0x0190_b6c5_5b1e_7cc3, low: 0x8000_0000_0000_0000 | number))
    }

    private static func time(_ microseconds: Int64) -> Timestamp {
        Timestamp(microsecondsSince1970: microseconds)
    }

    private static func metadata(_ text: String) -> Metadata { Metadata(trusted: Array(text.utf8)) }
}
