import HTTP
import JSON
import Routing
import Users

extension Operation {
    static func createUser(_ policy: PasswordPolicy) -> Operation {
        Operation(
            "createUser", tag: "users", "Register a user",
            description: """
                Open to everybody while `REGISTRATION_ENABLED` is true. A chosen id, an external \
                id, a status, roles and `admin_metadata` are for administrators.
                """,
            access: .anybodyOr(.usersWrite),
            parameters: [.idempotencyKey],
            content: .json(.newUser(policy), example: UserExamples.newUser),
            answers: [
                Answer(
                    201, "The user as stored, now or when the same request was answered first.",
                    fields: [.location, .idempotencyReplayed] + .validators, .user,
                    links: .toUser)
            ],
            problems: .anyUsers + .members + [
                .registrationClosed, .idTaken, .outcomeUnknown, .malformedIdempotencyKey,
                .idempotencyInProgress, .idempotencyKeyReused, .forbidden,
            ])
    }

    static let listUsers = Operation(
        "listUsers", tag: "users", "List users",
        description: """
            Users meet every condition that is given; deleted ones are listed if they are asked \
            for. An unknown parameter is refused, not ignored. In a value `+` is a space and `%2B` \
            a plus.
            """,
        access: .holder(.usersRead),
        parameters: Parameter.listParameters,
        answers: [
            Answer(
                200, "A page of the list.", fields: [.cacheControl, .vary, .link], .userPage,
                links: [
                    Link(
                        "next", to: "listUsers", "The next page; filters and order stay the same.",
                        [("cursor", "$response.body#/next_cursor")])
                ])
        ],
        problems: .anyUsers + .query + [
            .invalidLimit, .invalidSort, .invalidFilter, .invalidFlag, .invalidCursor,
            .cursorMismatch, .searchTimedOut,
        ])

    static let getUser = Operation(
        "getUser", tag: "users", "Read a user",
        access: .ownerOr(.usersRead),
        parameters: [
            .userID,
            Parameter(
                .query, "include_deleted",
                "Whether a deleted user is found, too; needs `users:read`.",
                ["type": "boolean", "default": false]),
            .ifMatch, .ifNoneMatch,
        ],
        answers: [
            Answer(200, "The user.", fields: .validators, .user, links: .toUser),
            Answer(304, "The client has this version already.", fields: .validators),
        ],
        problems: .anyUsers + .userID + .query + .conditions + [.invalidFlag])

    static func replaceUser(_ policy: PasswordPolicy) -> Operation {
        Operation(
            "replaceUser", tag: "users", "Replace a user, or make one under a chosen id",
            description: """
                With `If-None-Match: *` it makes a user who is not there yet.
                """,
            access: .holder(.usersWrite),
            parameters: [.userID, .ifMatch, .ifNoneMatch],
            content: .json(.userReplacement(policy), example: UserExamples.replacement),
            answers: [
                Answer(200, "The user as stored.", fields: .validators, .user, links: .toUser),
                Answer(
                    201, "The user as made.", fields: [.location] + .validators, .user,
                    links: .toUser),
            ],
            problems: .anyUsers + .userID + .conditionalChange + .members + [
                .idTaken, .lastAdministrator,
            ])
    }

    static let patchUser = Operation(
        "patchUser", tag: "users", "Change a user",
        description: """
            A JSON Merge Patch: null removes, what is absent stays (RFC 7396). Users change their \
            own name, language, time zone and metadata, and with `current_password` their address.
            """,
        access: .ownerOr(.usersWrite),
        parameters: [.userID, .ifMatch, .ifNoneMatch],
        content: Content(
            Request.patchTypes, .userPatch,
            example: UserExamples.patch),
        answers: [Answer(200, "The user as stored.", fields: .validators, .user, links: .toUser)],
        problems: .anyUsers + .userID + .conditionalChange + .members + [
            .lastAdministrator, .wrongCurrentPassword,
        ])

    static let deleteUser = Operation(
        "deleteUser", tag: "users", "Delete a user",
        description: "Who is deleted can be restored, unless it was for good.",
        access: .ownerOr(.usersWrite),
        parameters: [
            .userID,
            Parameter(
                .query, "mode", "Whether for good, which needs `users:write`.",
                ["type": "string", "enum": ["soft", "hard"], "default": "soft"]),
            .ifMatch, .ifNoneMatch,
        ],
        answers: [Answer(204, "The user is deleted.")],
        problems: .anyUsers + .userID + .query + .conditionalChange + [
            .invalidMode, .lastAdministrator,
        ])

    static let restoreUser = Operation(
        "restoreUser", tag: "users", "Undo a deletion",
        description: "Who is not deleted stays as it is.",
        access: .holder(.usersWrite),
        parameters: [.userID, .ifMatch],
        answers: [Answer(200, "The user as stored.", fields: .validators, .user, links: .toUser)],
        problems: .anyUsers + .userID + .conditionalChange + [.emailTaken, .externalIDTaken])
}
