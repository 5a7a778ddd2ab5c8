import JSON
import Routing
import Users

/// What each member of a role may be.
private enum Members {
    static let name: JSONValue = ["type": "string", "pattern": TextPattern.role]

    static let ownName: JSONValue = [
        "type": "string", "pattern": TextPattern.role, "readOnly": true,
    ]

    static let permissions: JSONValue = [
        "type": "array",
        "items": ["type": "string", "enum": JSONValue(RoleJSON.names(of: .all))],
        "maxItems": JSONValue(MemberReader.elementsMax),
        "description": "What the role allows its holders, sorted.",
    ]

    static let builtIn: JSONValue = [
        "type": "boolean", "readOnly": true,
        "description": "Whether the role can neither be changed nor deleted.",
    ]

    static let time: JSONValue = ["type": "string", "format": "date-time", "readOnly": true]
}

extension Schema {
    static let role = Schema(
        "Role",
        [
            "type": "object", "description": "A role.",
            "required": ["name", "permissions", "built_in", "created_at", "updated_at"],
            "properties": [
                "name": Members.name, "permissions": Members.permissions,
                "built_in": Members.builtIn, "created_at": Members.time,
                "updated_at": Members.time,
            ],
        ])

    static let roleList = Schema(
        "RoleList", uses: [role],
        [
            "type": "object", "description": "All roles, by name.", "required": ["items"],
            "properties": ["items": ["type": "array", "items": role.reference]],
        ])

    static let newRole = Schema(
        "NewRole",
        [
            "type": "object", "description": "A role to be made. Unknown members are ignored.",
            "required": ["name", "permissions"],
            "propertyNames": ["not": ["enum": ["built_in", "created_at", "updated_at"]]],
            "properties": ["name": Members.name, "permissions": Members.permissions],
        ])

    static let rolePatch = Schema(
        "RolePatch",
        [
            "type": "object",
            "description": """
            A JSON Merge Patch (RFC 7396) of a role. Members other than the permissions may be \
            sent back unchanged.
            """,
            "properties": [
                "name": Members.ownName, "permissions": Members.permissions,
                "built_in": Members.builtIn, "created_at": Members.time,
                "updated_at": Members.time,
            ],
        ])

    static let userRoles = Schema(
        "UserRoles",
        [
            "type": "object", "description": "The roles that a user holds.",
            "required": ["roles"],
            "properties": [
                "roles": [
                    "type": "array", "items": Members.name,
                    "maxItems": JSONValue(MemberReader.elementsMax),
                    "description": "At most \(RoleSet.countMax) names, sorted.",
                ]
            ],
        ])
}
