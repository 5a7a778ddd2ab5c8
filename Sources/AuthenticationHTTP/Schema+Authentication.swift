import JSON
import Routing
import Users
import UsersHTTP

extension Schema {
    static let credentials = Schema(
        "Credentials",
        [
            "type": "object",
            "description": "What somebody logs in with. Unknown members are ignored.",
            "required": ["email", "password"],
            "properties": [
                "email": [
                    "type": "string", "format": "idn-email", "pattern": TextPattern.email,
                    "maxLength": JSONValue(EmailAddress.octetCountMax),
                ],
                "password": ["type": "string", "format": "password", "writeOnly": true],
            ],
        ])

    static let refreshToken = Schema(
        "RefreshToken",
        [
            "type": "object", "description": "A refresh token. Unknown members are ignored.",
            "required": ["refresh_token"],
            "properties": ["refresh_token": ["type": "string", "writeOnly": true]],
        ])

    static let tokens = Schema(
        "Tokens",
        [
            "type": "object", "description": "Tokens of a session (RFC 6749 §5.1).",
            "required": [
                "access_token", "token_type", "expires_in", "refresh_token", "session_id",
                "user_id",
            ],
            "properties": [
                "access_token": ["type": "string", "description": "A JWT (RFC 9068)."],
                "token_type": ["type": "string", "const": "Bearer"],
                "expires_in": [
                    "type": "integer", "minimum": 1,
                    "description": "For how many seconds the access token is good.",
                ],
                "refresh_token": ["type": "string", "description": "Good once."],
                "session_id": ["type": "string", "format": "uuid"],
                "user_id": ["type": "string", "format": "uuid"],
            ],
            "additionalProperties": false,
        ])

    static func passwordChange(_ policy: PasswordPolicy) -> Schema {
        Schema(
            "PasswordChange",
            [
                "type": "object",
                "description": "A new password. Unknown members are ignored.",
                "required": ["password"],
                "properties": [
                    "password": .password(policy),
                    "current_password": [
                        "type": "string", "format": "password", "writeOnly": true,
                    ],
                ],
            ])
    }

    static let sessionList = Schema(
        "SessionList", uses: [session],
        [
            "type": "object", "required": ["items"],
            "properties": ["items": ["type": "array", "items": session.reference]],
            "additionalProperties": false,
        ])

    private static let session = Schema(
        "Session",
        [
            "type": "object",
            "description": "What came of a login.",
            "required": [
                "id", "created_at", "last_seen_at", "expires_at", "address", "user_agent",
                "is_current",
            ],
            "properties": [
                "id": ["type": "string", "format": "uuid"],
                "created_at": ["type": "string", "format": "date-time"],
                "last_seen_at": [
                    "type": "string", "format": "date-time",
                    "description": "When it last got new tokens.",
                ],
                "expires_at": [
                    "type": "string", "format": "date-time",
                    "description": "When it ends, unless it gets new tokens before.",
                ],
                "address": ["type": ["string", "null"]],
                "user_agent": ["type": ["string", "null"]],
                "is_current": [
                    "type": "boolean", "description": "Whether it is the one that asks.",
                ],
            ],
            "additionalProperties": false,
        ])

    static let keySet = Schema(
        "KeySet",
        [
            "type": "object", "description": "A JWK Set (RFC 7517 §5).", "required": ["keys"],
            "properties": [
                "keys": [
                    "type": "array", "minItems": 1,
                    "items": [
                        "type": "object",
                        "required": ["kty", "crv", "x", "y", "kid", "use", "alg"],
                        "properties": [
                            "kty": ["const": "EC"], "crv": ["const": "P-256"],
                            "x": coordinate, "y": coordinate, "kid": coordinate,
                            "use": ["const": "sig"], "alg": ["const": "ES256"],
                        ],
                        "additionalProperties": false,
                    ],
                ]
            ],
            "additionalProperties": false,
        ])

    /// 32 octets in base64url.
    private static let coordinate: JSONValue = [
        "type": "string", "pattern": "^[A-Za-z0-9_-]{43}$",
    ]
}

/// What tokens and sessions look like in the document.
enum TokenExamples {
    static let credentials: JSONValue = [
        "email": "ada@example.com", "password": "seven quiet otters swim",
    ]

    static let refresh: JSONValue = ["refresh_token": .string(refreshToken)]

    private static let refreshToken =
        "ur1_AZqMXnsfd96PAAEjRWeJqwAAAAAAAAABSUNtcGYzRk1uY0hCQQ"

    static let tokens: JSONValue = [
        "access_token": "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2lnbmF0dXJl",
        "token_type": "Bearer", "expires_in": 600, "refresh_token": .string(refreshToken),
        "session_id": "019a8c5e-7b1f-77de-8f00-0123456789ab",
        "user_id": "019a8c5e-7b1f-7cde-8f00-0123456789ab",
    ]

    static let passwordChange: JSONValue = [
        "password": "eleven loud herons sing", "current_password": "seven quiet otters swim",
    ]

    static let sessions: JSONValue = [
        "items": [
            [
                "id": "019a8c5e-7b1f-77de-8f00-0123456789ab",
                "created_at": "2026-11-22T20:46:00.123456Z",
                "last_seen_at": "2026-11-22T20:56:00.123456Z",
                "expires_at": "2026-12-06T20:56:00.123456Z", "address": "192.0.2.7",
                "user_agent": "curl/7.88.1", "is_current": true,
            ]
        ]
    ]

    static let keySet: JSONValue = [
        "keys": [
            [
                "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
                "kid": "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U", "use": "sig", "alg": "ES256",
            ]
        ]
    ]
}
