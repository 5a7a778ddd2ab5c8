import HTTPTypes
package import HTTP
import Users

extension ProblemKind {
    /// All kinds of problems that requests for roles have, beside those of ``users``.
    package static let roles: [ProblemKind] = [
        .roleNotFound, .roleExists, .roleInUse, .roleBuiltIn, .roleLimitReached,
    ]

    static let roleNotFound = ProblemKind(
        code: "role_not_found", status: .notFound, title: "There is no such role",
        meaning: "No role has the name in the path.",
        remedy: "Compare it with the list of roles, or make the role first.")

    static let roleExists = ProblemKind(
        code: "role_exists", status: .conflict, title: "The name of the role is in use",
        meaning: "There is a role of this name already.",
        remedy: "Use another name, or change the role that has it.", pointer: "/name")

    static let roleInUse = ProblemKind(
        code: "role_in_use", status: .conflict, title: "Somebody holds the role",
        meaning: "A user holds the role, perhaps one who is deleted and can be restored.",
        remedy: "Revoke the role from everybody who holds it, whom the list of users finds by "
            + "role and include_deleted; restore the deleted ones before, or remove them for good.")

    static let roleBuiltIn = ProblemKind(
        code: "role_built_in", status: .conflict, title: "The role is built in",
        meaning: "The roles admin and member can neither be changed nor deleted.",
        remedy: "Make a role of your own.")

    static let roleLimitReached = ProblemKind(
        code: "role_limit_reached", status: .conflict, title: "There are too many roles",
        meaning: "There are \(Role.countMax) roles, and there may not be more.",
        remedy: "Delete roles that nobody holds.")

    static let lastAdministrator = ProblemKind(
        code: "last_administrator", status: .conflict, title: "This is the last administrator",
        meaning: "The user is the only active holder of the role admin who is not deleted, and can "
            + "be neither disabled nor demoted nor deleted.",
        remedy: "Make somebody else an administrator first.")

    /// 403: the password that was given as the current one is another one.
    package static let wrongCurrentPassword = ProblemKind(
        code: "wrong_current_password", status: .forbidden, title: "The current password is wrong",
        meaning: "The change needs the password that the user has now, and current_password is "
            + "another one.",
        remedy: "Send the password that logs the user in.")
}
