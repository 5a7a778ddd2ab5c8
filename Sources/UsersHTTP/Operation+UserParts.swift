import HTTP
import JSON
package import Routing
import Users

extension Operation.Parameter {
    /// The user of a path such as `/users/{id}`.
    package static let userID = Operation.Parameter(
        .path, "id", "The user's id, or `me` for the caller's own.",
        ["type": "string", "pattern": "^(\(TextPattern.uuid)|me)$"])

    static let ifMatch = Operation.Parameter(
        .header, "If-Match", "Do it only if the user has one of these versions (RFC 9110 §13.1.1).",
        conditionSchema)

    static let ifNoneMatch = Operation.Parameter(
        .header, "If-None-Match",
        "Do it only if the user has none of these versions (RFC 9110 §13.1.2).", conditionSchema)

    /// `*`, or entity tags with commas between them, of which some may be superfluous.
    private static let conditionSchema: JSONValue = {
        let tag = #"(W/)?"[!#-~\u0080-\u00ff]*""#
        return [
            "type": "string",
            "pattern": #"^[ \t]*(\*|[ \t,]*\#(tag)([ \t]*,[ \t,]*(\#(tag))?)*)[ \t]*$"#,
        ]
    }()
}

/// The parameters of a list: ``PageQuery`` knows these and no others.
extension Operation.Parameter {
    static let listParameters: [Operation.Parameter] = [
        Operation.Parameter(
            .query, "limit", "How many users the page has at most.",
            [
                "type": "integer", "minimum": JSONValue(PageLimit.range.lowerBound),
                "maximum": JSONValue(PageLimit.range.upperBound),
                "default": JSONValue(PageLimit.standard.count),
            ]),
        Operation.Parameter(
            .query, "cursor",
            "What `next_cursor` of a page gave, unchanged, with the same filters and order.",
            ["type": "string", "pattern": "^[A-Za-z0-9_-]+$"]),
        Operation.Parameter(
            .query, "sort", "The order; a minus turns it round.",
            [
                "type": "string",
                "enum": JSONValue(UserSelection.Order.allCases.map(\.rawValue)),
                "default": .string(UserSelection.all.order.rawValue),
            ]),
        Operation.Parameter(.query, "created_after", "Made after this time.", time),
        Operation.Parameter(.query, "created_before", "Made before this time.", time),
        Operation.Parameter(
            .query, "email", "Who has this address, in whatever spelling.",
            [
                "type": "string", "format": "idn-email", "pattern": TextPattern.email,
                "maxLength": JSONValue(EmailAddress.octetCountMax),
            ]),
        Operation.Parameter(
            .query, "external_id", "Who has exactly this external id.",
            [
                "type": "string", "minLength": 1,
                "maxLength": JSONValue(ExternalID.codePointCountMax),
                "pattern": TextPattern.uncontrolled,
            ]),
        Operation.Parameter(
            .query, "ids", "Those of these ids, with commas between them.",
            [
                "type": "array", "minItems": 1, "maxItems": JSONValue(UserSelection.idCountMax),
                // Not as a format, whose field Swagger UI looks for in vain, and says so.
                "items": ["type": "string", "pattern": "^\(TextPattern.uuid)$"],
            ]),
        Operation.Parameter(
            .query, "status", "Those of this status.",
            ["type": "string", "enum": JSONValue(UserStatus.allCases.map(\.rawValue))]),
        Operation.Parameter(
            .query, "role", "Those who hold this role.",
            ["type": "string", "pattern": TextPattern.role], example: "member"),
        Operation.Parameter(
            .query, "q",
            "Those who have this in their name or address, without regard to case and accents: "
                + "three characters, or one or two with a Han, Kana or Hangul among them, which "
                + "the name begins with.",
            [
                "type": "string", "minLength": 1,
                "maxLength": JSONValue(SearchTerm.codePointCountMax),
                "pattern": TextPattern.uncontrolled,
            ], example: "lovelace"),
        Operation.Parameter(
            .query, "include_deleted", "Whether deleted users are listed, too; needs `users:read`.",
            ["type": "boolean", "default": false]),
        Operation.Parameter(
            .query, "total",
            "Whether `total` tells how many users the whole list has: `exact` counts them, unless "
                + "that takes too long; `estimate` is what the database expects.",
            [
                "type": "string", "enum": JSONValue(TotalKind.allCases.map(\.rawValue)),
                "default": .string(TotalKind.none.rawValue),
            ]),
    ]

    static let idempotencyKey = Operation.Parameter(
        .header, "Idempotency-Key",
        "A name of the client's own for this request. For a day the same request under this name "
            + "gets the same answer and makes nobody else.",
        [
            "type": "string", "pattern": "^[!-~]+$",
            "minLength": JSONValue(IdempotencyKey.lengths.lowerBound),
            "maxLength": JSONValue(IdempotencyKey.lengths.upperBound),
        ])

    private static let time: JSONValue = [
        "type": "string", "format": "date-time",
        "pattern": #"^[^a-z]{19}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$"#,
    ]
}

extension Operation.Content {
    static let user = Operation.Content.json(.user, example: UserExamples.user)
    static let userPage = Operation.Content.json(.userPage, example: UserExamples.page)
}

extension Operation.Field {
    static let idempotencyReplayed = Operation.Field(
        .idempotencyReplayed, "That this is the answer to an earlier request of the same key.",
        ["type": "string", "const": "true"], isRequired: false)
}

extension [Operation.Field] {
    /// What lets a client keep a user and ask whether it has changed.
    static let validators: [Operation.Field] = [.eTag, .cacheControl, .vary]
}

extension [Operation.Link] {
    /// What can be done with the user in the answer.
    static let toUser: [Operation.Link] = [
        Operation.Link("get", to: "getUser", "Read the user.", [("id", "$response.body#/id")]),
        Operation.Link(
            "patch", to: "patchUser", "Change the user, if nobody has changed it meanwhile.",
            [("id", "$response.body#/id"), ("header.If-Match", "$response.header.ETag")]),
        Operation.Link(
            "delete", to: "deleteUser", "Delete the user.", [("id", "$response.body#/id")]),
    ]
}

extension [ProblemKind] {
    /// What may come of any request for users.
    static let anyUsers: [ProblemKind] = [.unavailable, .internalError]
    /// What may come of an id in the path.
    static let userID: [ProblemKind] = [
        .malformedID, .userNotFound,
    ]
    /// What may come of a query.
    static let query: [ProblemKind] = [.malformedQuery, .unknownParameter]
    /// What may come of a condition.
    static let conditions: [ProblemKind] = [.malformedCondition, .versionMismatch]
    /// What may come of the condition of a change.
    static let conditionalChange: [ProblemKind] =
        conditions + [.preconditionRequired, .outcomeUnknown]
    /// What may come of a user's members.
    static let members: [ProblemKind] = [
        .malformedJSON, .validationFailed, .emailTaken, .externalIDTaken,
    ]
}

/// What users look like in the document.
enum UserExamples {
    static let user: JSONValue = [
        "id": "019a8c5e-7b1f-7cde-8f00-0123456789ab", "external_id": .null,
        "email": "ada@example.com", "email_verified": false, "display_name": "Ada Lovelace",
        "locale": "en-GB", "time_zone": "Europe/London", "status": "active", "roles": ["member"],
        "metadata": ["theme": "dark"], "created_at": "2026-11-22T20:46:00.123456Z",
        "updated_at": "2026-11-22T20:46:00.123456Z",
        "password_changed_at": "2026-11-22T20:46:00.123456Z", "deleted_at": .null, "version": 1,
    ]

    static let page: JSONValue = [
        "items": [user], "next_cursor": .null, "has_more": false, "total": .null,
    ]

    static let newUser: JSONValue = [
        "email": "ada@example.com", "display_name": "Ada Lovelace", "locale": "en-GB",
        "time_zone": "Europe/London", "metadata": ["theme": "dark"],
        "password": "seven quiet otters swim",
    ]

    static let replacement: JSONValue = [
        "email": "ada@example.com", "display_name": "Ada King", "locale": "en-GB",
    ]

    static let patch: JSONValue = ["display_name": "Ada King", "metadata": ["theme": .null]]
}
