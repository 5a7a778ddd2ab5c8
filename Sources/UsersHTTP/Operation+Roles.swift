import HTTP
import JSON
import Routing
import Users

extension Operation {
    static let listRoles = Operation(
        "listRoles", tag: "roles", "List roles",
        access: .holder(.rolesWrite),
        answers: [
            Answer(
                200, "All roles, by name.", fields: .uncached,
                .json(.roleList, example: RoleExamples.list))
        ],
        problems: .anyUsers)

    static let createRole = Operation(
        "createRole", tag: "roles", "Make a role",
        description: "Nobody gives it a permission that the caller lacks.",
        access: .holder(.rolesWrite),
        content: .json(.newRole, example: RoleExamples.newRole),
        answers: [
            Answer(
                201, "The role as stored.", fields: [.location] + .uncached, .role,
                links: .toRole)
        ],
        problems: .anyUsers + [
            .malformedJSON, .validationFailed, .roleExists, .roleBuiltIn, .roleLimitReached,
            .outcomeUnknown,
        ])

    static let getRole = Operation(
        "getRole", tag: "roles", "Read a role",
        access: .holder(.rolesWrite),
        parameters: [.roleName],
        answers: [Answer(200, "The role.", fields: .uncached, .role, links: .toRole)],
        problems: .anyUsers + [.roleNotFound])

    static let patchRole = Operation(
        "patchRole", tag: "roles", "Change what a role allows",
        description: """
            The permissions are replaced, by none that the caller lacks; a role that has one is \
            not to be changed. Tokens of the holders fail at once, and are to be refreshed.
            """,
        access: .holder(.rolesWrite),
        parameters: [.roleName],
        content: Content(
            Request.patchTypes, .rolePatch,
            example: RoleExamples.patch),
        answers: [Answer(200, "The role as stored.", fields: .uncached, .role, links: .toRole)],
        problems: .anyUsers + [
            .malformedJSON, .validationFailed, .roleNotFound, .roleBuiltIn, .outcomeUnknown,
        ])

    static let deleteRole = Operation(
        "deleteRole", tag: "roles", "Delete a role that nobody holds",
        access: .holder(.rolesWrite),
        parameters: [.roleName],
        answers: [Answer(204, "The role is deleted.")],
        problems: .anyUsers + [.roleNotFound, .roleBuiltIn, .roleInUse, .outcomeUnknown])
}

/// The roles of one user.
extension Operation {
    static let getUserRoles = Operation(
        "getUserRoles", tag: "roles", "Read the roles of a user",
        access: .holder(.rolesWrite),
        parameters: [.userID, .ifMatch, .ifNoneMatch],
        answers: [
            Answer(200, "The roles, and the version of the user.", fields: .validators, .userRoles),
            Answer(304, "The client has this version already.", fields: .validators),
        ],
        problems: .anyUsers + .userID + .conditions)

    static let putUserRoles = Operation(
        "putUserRoles", tag: "roles", "Set all roles of a user",
        description: "A user who holds just these stays in its version.",
        access: .holder(.rolesWrite),
        parameters: [.userID, .ifMatch],
        content: .json(.userRoles, example: RoleExamples.userRoles),
        answers: [
            Answer(200, "The roles, and the version of the user.", fields: .validators, .userRoles)
        ],
        problems: .anyUsers + .userID + .conditionalChange + [
            .malformedJSON, .validationFailed, .lastAdministrator,
        ])

    static let grantRole = Operation(
        "grantRole", tag: "roles", "Grant a role to a user",
        description: "A user who holds it stays in its version.",
        access: .holder(.rolesWrite),
        parameters: [.userID, .role, .ifMatch],
        answers: [Answer(204, "The user holds the role.")],
        problems: .anyUsers + .userID + .conditionalChange + [.roleNotFound, .validationFailed])

    static let revokeRole = Operation(
        "revokeRole", tag: "roles", "Revoke a role from a user",
        description: "A user who does not hold it stays in its version.",
        access: .holder(.rolesWrite),
        parameters: [.userID, .role, .ifMatch],
        answers: [Answer(204, "The user does not hold the role.")],
        problems: .anyUsers + .userID + .conditionalChange + [.roleNotFound, .lastAdministrator])
}

extension Operation.Parameter {
    fileprivate static let roleName = Operation.Parameter(
        .path, "name", "The name of the role.", ["type": "string", "pattern": TextPattern.role])

    fileprivate static let role = Operation.Parameter(
        .path, "role", "The name of the role.", ["type": "string", "pattern": TextPattern.role])
}

extension Operation.Content {
    fileprivate static let role = Operation.Content.json(.role, example: RoleExamples.role)
    fileprivate static let userRoles = Operation.Content.json(
        .userRoles, example: RoleExamples.userRoles)
}

extension [Operation.Field] {
    /// What keeps caches from giving an answer to somebody else.
    fileprivate static let uncached: [Operation.Field] = [.cacheControl, .vary]
}

extension [Operation.Link] {
    /// What can be done with the role in the answer.
    fileprivate static let toRole: [Operation.Link] = [
        Operation.Link("get", to: "getRole", "Read the role.", [("name", "$response.body#/name")]),
        Operation.Link(
            "patch", to: "patchRole", "Change what the role allows.",
            [("name", "$response.body#/name")]),
        Operation.Link(
            "delete", to: "deleteRole", "Delete the role.", [("name", "$response.body#/name")]),
    ]
}

/// What roles look like in the document.
private enum RoleExamples {
    static let role: JSONValue = [
        "name": "support", "permissions": ["users:read"], "built_in": false,
        "created_at": "2026-11-22T20:46:00.123456Z", "updated_at": "2026-11-22T20:46:00.123456Z",
    ]

    static let list: JSONValue = ["items": [role]]
    static let newRole: JSONValue = ["name": "support", "permissions": ["users:read"]]
    static let patch: JSONValue = ["permissions": ["users:read", "users:write"]]
    static let userRoles: JSONValue = ["roles": ["member", "support"]]
}
