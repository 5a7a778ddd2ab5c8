import JSON
package import Routing

extension Operation {
    /// `GET /health`.
    package static let health = probe(
        "getHealth", "Whether the process serves, and what it knows of the database",
        refusal: "The process is draining.", .report)

    /// `GET /health/live`.
    package static let healthLive = Operation(
        "getLiveness", tag: "operation", "Whether the process serves", access: .anybody,
        isUnlimited: true,
        answers: [
            Answer(200, "It does.", fields: [.cacheControl], .json(.liveness, example: alive))
        ])

    /// `GET /health/ready`.
    package static let healthReady = probe(
        "getReadiness", "Whether requests should be sent here",
        refusal: "The database is away or not as it must be, or the process is draining.", .report)

    /// `GET /version`.
    package static let version = Operation(
        "getVersion", tag: "operation", "Which build this is", access: .anybody,
        isUnlimited: true,
        answers: [
            Answer(
                200, "The build.", fields: [.cacheControl],
                .json(.build, example: ["name": "user-management", "version": "0.1.0"]))
        ])

    private static let alive: JSONValue = ["status": "ok"]

    private static func probe(
        _ id: String, _ summary: String, refusal: String, _ content: Content
    ) -> Operation {
        Operation(
            id, tag: "operation", summary, access: .anybody, isUnlimited: true,
            answers: [
                Answer(200, "All is well.", fields: [.cacheControl], content),
                Answer(503, refusal, fields: [.cacheControl], content),
            ])
    }
}

extension Operation.Content {
    fileprivate static let report = Operation.Content.json(
        .health,
        example: [
            "status": "ok",
            "checks": [
                "database": ["status": "up", "latency_ms": 1],
                "schema": ["status": "current", "applied": "0003", "required": "0003"],
                "encoding": ["status": "utf8"],
            ],
        ])
}

extension Schema {
    private static func text(_ values: [String]) -> JSONValue {
        ["type": "string", "enum": JSONValue(values)]
    }

    fileprivate static let health = Schema(
        "Health",
        [
            "type": "object", "required": ["status", "checks"],
            "properties": [
                "status": text(["ok", "degraded", "draining"]),
                "checks": [
                    "type": "object", "required": ["database", "schema", "encoding"],
                    "properties": [
                        "database": [
                            "type": "object", "required": ["status"],
                            "properties": [
                                "status": text(["up", "down"]),
                                "latency_ms": ["type": "number", "minimum": 0],
                            ],
                        ],
                        "schema": [
                            "type": "object", "required": ["status"],
                            "properties": [
                                "status": text(["behind", "current", "ahead", "unknown"]),
                                "applied": ["type": ["string", "null"]],
                                "required": ["type": "string"],
                            ],
                        ],
                        "encoding": [
                            "type": "object", "required": ["status"],
                            "properties": ["status": text(["utf8", "unsupported", "unknown"])],
                        ],
                    ],
                ],
            ],
        ])

    fileprivate static let liveness = Schema(
        "Liveness",
        [
            "type": "object", "required": ["status"],
            "properties": ["status": ["type": "string", "const": "ok"]],
        ])

    fileprivate static let build = Schema(
        "Version",
        [
            "type": "object", "required": ["name", "version"],
            "properties": ["name": ["type": "string"], "version": ["type": "string"]],
        ])
}
