package import JSON
import Routing
package import Users

/// What each member of a user may be. Lengths are counted in code points, as JSON Schema does;
/// what it cannot say, such as a rule that holds after normalisation, stands in words.
private enum Members {
    static let id: JSONValue = ["type": "string", "format": "uuid"]

    static let email: JSONValue = [
        "type": "string", "format": "idn-email", "pattern": TextPattern.email,
        "maxLength": JSONValue(EmailAddress.octetCountMax),
        "description": """
        At most \(EmailAddress.octetCountMax) octets, \
        \(EmailAddress.localPartOctetCountMax) of them before the one @; a dotted domain that \
        passes IDNA. \
        Unique without regard to case and to the spelling of the domain.
        """,
    ]

    static let displayName: JSONValue = [
        "type": "string", "minLength": 1, "maxLength": JSONValue(DisplayName.codePointCountMax),
        "pattern": #"\S"#,
        "description": "Counted after trimming and in NFC; no controls, nothing invisible.",
    ]

    static let externalID: JSONValue = [
        "type": ["string", "null"], "minLength": 1,
        "maxLength": JSONValue(ExternalID.codePointCountMax),
        "pattern": TextPattern.uncontrolled,
        "description": "The user's id in another system, unique; administrators only.",
    ]

    static let locale: JSONValue = [
        "type": ["string", "null"], "maxLength": JSONValue(LanguageTag.octetCountMax),
        "pattern": "^[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})*$",
        "description": "A language tag (BCP 47).",
    ]

    static let timeZone: JSONValue = [
        "type": ["string", "null"], "pattern": "^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$",
        "description": "A name of the IANA Time Zone Database.",
    ]

    static let status: JSONValue = [
        "type": "string", "enum": JSONValue(UserStatus.allCases.map(\.rawValue)),
        "description": "Whether the user may log in; administrators only.",
    ]

    static let roles: JSONValue = [
        "type": "array", "items": ["type": "string", "pattern": TextPattern.role],
        "maxItems": JSONValue(MemberReader.elementsMax),
        "description": "At most \(RoleSet.countMax) names, sorted; needs `roles:write`.",
    ]

    static let metadata: JSONValue = [
        "type": "object", "additionalProperties": true,
        "description": """
        Whatever clients keep with the user: at most \(Metadata.octetCountMax / 1024) KiB as JSON.
        """,
    ]

    static let adminMetadata: JSONValue = [
        "type": "object", "additionalProperties": true,
        "description": """
        What only administrators see and write: at most \
        \(Metadata.octetCountMax / 1024) KiB as JSON.
        """,
    ]

    static func password(_ policy: PasswordPolicy) -> JSONValue {
        [
            "type": "string", "format": "password", "writeOnly": true,
            "minLength": JSONValue(policy.codePointCountMin),
            "maxLength": JSONValue(PasswordPolicy.codePointCountMax),
            "description": """
            Counted in NFKC; no runs and repeats, not one that many people have chosen, neither \
            the display name nor the local part of the address in it.
            """,
        ]
    }

    static let currentPassword: JSONValue = [
        "type": "string", "format": "password", "writeOnly": true,
        "description": "The caller's password, which one's own address is changed with.",
    ]

    /// A member that only the service sets; in a request it must be what it is already.
    static func readOnly(_ schema: JSONValue) -> JSONValue {
        guard case .object(let object) = schema else { return schema }
        var members: [(name: String, value: JSONValue?)] = object.members.map {
            ($0.name, $0.value)
        }
        members.append(("readOnly", true))
        return .object(JSONObject(members))
    }

    static let time: JSONValue = ["type": "string", "format": "date-time"]
    static let optionalTime: JSONValue = ["type": ["string", "null"], "format": "date-time"]

    /// What the service sets, beside the id.
    static let setByService: [(name: String, value: JSONValue?)] = [
        ("email_verified", readOnly(["type": "boolean"])),
        ("created_at", readOnly(time)),
        ("updated_at", readOnly(time)),
        ("password_changed_at", readOnly(optionalTime)),
        ("deleted_at", readOnly(optionalTime)),
        ("version", readOnly(["type": "integer", "format": "int64", "minimum": 1])),
    ]

    /// What clients write, beside the password.
    static let written: [(name: String, value: JSONValue?)] = [
        ("external_id", externalID), ("email", email), ("display_name", displayName),
        ("locale", locale), ("time_zone", timeZone), ("status", status), ("roles", roles),
        ("metadata", metadata), ("admin_metadata", adminMetadata),
    ]
}

extension JSONValue {
    /// The schema of an object.
    fileprivate static func objectSchema(
        _ description: String, required: [String] = [],
        never: [String] = [], _ properties: [(name: String, value: JSONValue?)]
    ) -> JSONValue {
        .object(
            JSONObject([
                ("type", "object"),
                ("description", .string(description)),
                ("required", required.isEmpty ? nil : JSONValue(required)),
                ("propertyNames", never.isEmpty ? nil : ["not": ["enum": JSONValue(never)]]),
                ("properties", .object(JSONObject(properties))),
            ]))
    }
}

extension Schema {
    static let user = Schema(
        "User",
        .objectSchema(
            "A user; admin_metadata is there for administrators.",
            required: (["id"] + (Members.written + Members.setByService).map(\.name)).filter {
                $0 != UserMember.adminMetadata.rawValue
            },
            [("id", Members.readOnly(Members.id))] + Members.written + Members.setByService))

    static let userPage = Schema(
        "UserPage", uses: [user],
        .objectSchema(
            "Some users in a row of the list.",
            required: ["items", "next_cursor", "has_more", "total"],
            [
                (
                    "items",
                    [
                        "type": "array", "items": user.reference,
                        "maxItems": JSONValue(PageLimit.range.upperBound),
                    ]
                ),
                (
                    "next_cursor",
                    [
                        "type": ["string", "null"],
                        "description": "The cursor of the next page; null on the last one.",
                    ]
                ),
                ("has_more", ["type": "boolean"]),
                ("total", ["type": ["integer", "null"], "minimum": 0]),
            ]))

    static func newUser(_ policy: PasswordPolicy) -> Schema {
        Schema(
            "NewUser",
            .objectSchema(
                "A user to be made. Unknown members are ignored.",
                required: ["email", "display_name"], never: MemberReader.readOnlyNames,
                [
                    (
                        "id",
                        [
                            "type": ["string", "null"], "format": "uuid",
                            "description": "A chosen id; administrators only.",
                        ]
                    )
                ] + Members.written + [("password", Members.password(policy))]))
    }

    static func userReplacement(_ policy: PasswordPolicy) -> Schema {
        Schema(
            "UserReplacement",
            .objectSchema(
                """
                A whole user: what is absent becomes null, empty or active, but for the roles and \
                the password, which stay. A password may be sent with If-None-Match: * only. \
                Members that only the service sets may be sent back unchanged.
                """,
                required: ["email", "display_name"],
                [("id", Members.readOnly(Members.id))] + Members.written + Members.setByService
                    + [("password", Members.password(policy))]))
    }

    static let userPatch = Schema(
        "UserPatch",
        .objectSchema(
            """
            A JSON Merge Patch (RFC 7396) of a user. Members that only the service sets may be \
            sent back unchanged.
            """,
            never: [UserMember.password.rawValue],
            [("id", Members.readOnly(Members.id))] + Members.written + Members.setByService
                + [("current_password", Members.currentPassword)]))
}

extension JSONValue {
    /// What a new password may be.
    package static func password(_ policy: PasswordPolicy) -> JSONValue {
        Members.password(policy)
    }
}
