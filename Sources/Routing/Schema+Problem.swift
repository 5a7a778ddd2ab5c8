import HTTP
import JSON

extension Schema {
    /// The form of every error: Problem Details (RFC 9457).
    package static let problem = Schema(
        "Problem", uses: [fault],
        [
            "type": "object",
            "description": "Why a request failed (RFC 9457).",
            "required": ["type", "title", "status", "code", "request_id"],
            "properties": [
                "type": [
                    "type": "string", "format": "uri-reference",
                    "description": "Where the page that explains the code is.",
                ],
                "title": [
                    "type": "string", "description": "The kind of the problem, for people.",
                ],
                "status": ["type": "integer", "minimum": 400, "maximum": 599],
                "detail": [
                    "type": "string", "description": "What is wrong in this case, for people.",
                ],
                "instance": [
                    "type": "string", "format": "uri-reference",
                    "description": "The path of the request, if it could be read.",
                ],
                "code": [
                    "type": "string", "pattern": "^[a-z][a-z0-9_]*$",
                    "description": "The kind of the problem, for programs: stable.",
                ],
                "request_id": [
                    "type": "string", "description": "What the request is called in the logs.",
                ],
                "errors": [
                    "type": "array", "minItems": 1, "items": fault.reference,
                    "description": "Everything that is wrong with the content.",
                ],
            ],
        ])

    static let fault = Schema(
        "Fault",
        [
            "type": "object",
            "description": "One thing that is wrong with the content.",
            "required": ["pointer", "code", "detail"],
            "properties": [
                "pointer": [
                    "type": "string", "format": "json-pointer",
                    "description": "Where it is, as a JSON Pointer (RFC 6901).",
                ],
                "code": ["type": "string", "pattern": "^[a-z][a-z0-9_]*$"],
                "detail": ["type": "string"],
            ],
        ])
}
