package import HTTP
package import Routing
package import Users

extension Caller {
    /// Who asks, according to the token that was verified.
    package init(_ principal: Principal?) {
        self =
            principal.map {
                .authenticated(UserID($0.user), PermissionSet(rawValue: $0.grants))
            } ?? .unauthenticated
    }
}

extension Operation.Grant {
    /// A permission as the route table knows it.
    package init(_ permission: Permission) {
        self.init(permission.rawValue, mask: PermissionSet(permission).rawValue)
    }

    /// ``Permission/usersRead``.
    package static let usersRead = Operation.Grant(Permission.usersRead)
    /// ``Permission/usersWrite``.
    package static let usersWrite = Operation.Grant(Permission.usersWrite)
    /// ``Permission/rolesWrite``.
    package static let rolesWrite = Operation.Grant(Permission.rolesWrite)
}
