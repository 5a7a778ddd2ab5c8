import Authentication
import HTTP
import JSON
import RateLimiting
import Routing
import Users
import UsersHTTP

extension Operation {
    static let logIn = Operation(
        "logIn", tag: "authentication", "Log in",
        description: """
            After some failures with one address whoever tries next has to wait, longer each time; \
            a network that has logged in with it before has a budget of its own.
            """,
        access: .anybody, content: .json(.credentials, example: TokenExamples.credentials),
        answers: [
            Answer(
                200, "The tokens.", fields: [.cacheControl, .rateLimitPolicy, .rateLimit],
                .tokens, links: .fromTokens)
        ],
        problems: .ofService + [
            .malformedJSON, .validationFailed, .invalidCredentials, .accountDisabled,
            .rateLimited, .outcomeUnknown,
        ], problemFields: [.rateLimitPolicy, .rateLimit])

    static let refresh = Operation(
        "refreshTokens", tag: "authentication", "Get new tokens",
        description: """
            Each refresh token is good once, but for half a minute in which it gets the same \
            answer again. One that comes later ends the session.
            """,
        access: .anybody, content: .json(.refreshToken, example: TokenExamples.refresh),
        answers: [
            Answer(
                200, "The tokens.", fields: [.cacheControl], .tokens, links: .fromTokens)
        ],
        problems: .ofService + [
            .malformedJSON, .validationFailed, .invalidRefreshToken, .refreshTokenReused,
            .outcomeUnknown,
        ])

    static let logOut = Operation(
        "logOut", tag: "authentication", "Log out",
        description: """
            Ends the session of the refresh token in the content or, without content, that of the \
            access token. A token that is not valid any more is no error.
            """,
        access: .anybodyWithToken,
        content: Content(
            ["application/json"], .refreshToken, example: TokenExamples.refresh,
            isRequired: false),
        answers: [Answer(204, "The session has ended.", fields: [.cacheControl])],
        problems: .ofService + [.malformedJSON, .validationFailed, .outcomeUnknown])

    static let keySet = Operation(
        "getKeySet", tag: "authentication", "Read the keys that verify access tokens",
        access: .anybody,
        answers: [
            Answer(
                200, "The keys (RFC 7517).", fields: [.cacheControl],
                .json(.keySet, example: TokenExamples.keySet))
        ],
        problems: .ofService)

    static func setPassword(_ policy: PasswordPolicy) -> Operation {
        Operation(
            "setPassword", tag: "authentication", "Set a password",
            description: """
                Ends the user's other sessions, and every access token. Who sets his own needs \
                `current_password`, unless he holds `users:write`.
                """,
            access: .ownerOr(.usersWrite), parameters: [.userID],
            content: .json(.passwordChange(policy), example: TokenExamples.passwordChange),
            answers: [Answer(204, "The password is set.", fields: [.cacheControl])],
            problems: .ofUser + [
                .malformedJSON, .validationFailed, .wrongCurrentPassword, .rateLimited,
                .outcomeUnknown,
            ])
    }

    static let clearLockout = Operation(
        "clearLockout", tag: "authentication", "Forget the failed logins of a user",
        access: .holder(.usersWrite), parameters: [.userID],
        answers: [Answer(204, "Nobody has to wait.", fields: [.cacheControl])],
        problems: .ofUser + [.outcomeUnknown])

    static let listSessions = Operation(
        "listSessions", tag: "authentication", "List the sessions of a user",
        description: "The latest login first; at most \(Session.listedMax).",
        access: .ownerOr(.usersWrite), parameters: [.userID],
        answers: [
            Answer(
                200, "The sessions.", fields: [.cacheControl],
                .json(.sessionList, example: TokenExamples.sessions))
        ],
        problems: .ofUser)

    static let endSessions = Operation(
        "endSessions", tag: "authentication", "Log a user out everywhere",
        access: .ownerOr(.usersWrite),
        parameters: [
            .userID,
            Parameter(
                .query, "keep_current",
                "Whether the session that asks goes on: then only the others end.",
                ["type": "boolean", "default": false]),
        ],
        answers: [Answer(204, "The sessions have ended.", fields: [.cacheControl])],
        problems: .ofUser + [
            .malformedQuery, .unknownParameter, .invalidFlag, .outcomeUnknown,
        ])

    static let endSession = Operation(
        "endSession", tag: "authentication", "Log a user out in one place",
        access: .ownerOr(.usersWrite),
        parameters: [
            .userID,
            Parameter(
                .path, "session_id", "The id of the session.",
                ["type": "string", "format": "uuid"]),
        ],
        answers: [Answer(204, "The session has ended.", fields: [.cacheControl])],
        problems: .ofUser + [.sessionNotFound, .outcomeUnknown])
}

extension Operation.Content {
    static let tokens = Operation.Content.json(.tokens, example: TokenExamples.tokens)
}

extension [Operation.Link] {
    /// What can be done with the tokens in the answer.
    static let fromTokens: [Operation.Link] = [
        Operation.Link(
            "user", to: "getUser", "Read the user.", [("id", "$response.body#/user_id")])
    ]
}

extension [ProblemKind] {
    /// What may come of any request here.
    fileprivate static let ofService: [ProblemKind] = [.unavailable, .internalError]
    /// What may come of any request for a user here.
    fileprivate static let ofUser: [ProblemKind] =
        ofService + [.malformedID, .userNotFound]
}
