import HTTP
import HTTPTypes
package import Routing
package import Users

/// What the endpoints of roles share: a reference, so that an endpoint is one word.
package final class RolesAPI<Repository: RoleRepository>: Sendable {
    let service: RoleService<Repository>
    let bodyBytesMax: Int

    /// Makes the endpoints' common part.
    /// - Parameter bodyBytesMax: Largest body in octets; a larger one is answered 413.
    package init(service: RoleService<Repository>, bodyBytesMax: Int) {
        self.service = service
        self.bodyBytesMax = bodyBytesMax
    }

    /// The routes of `/roles`, docs/api.md.
    package var routes: [Route] {
        [
            Route(.get, "/roles", .listRoles, ListRoles(api: self)),
            Route(.post, "/roles", .createRole, CreateRole(api: self)),
            Route(.get, "/roles/{name}", .getRole, ReadRole(api: self)),
            Route(.patch, "/roles/{name}", .patchRole, ChangeRole(api: self)),
            Route(.delete, "/roles/{name}", .deleteRole, DeleteRole(api: self)),
        ]
    }

    /// An answer that shows roles, which no cache gives to anybody else.
    func response(_ status: HTTPResponse.Status, _ body: [UInt8]) -> Response {
        var response = Response(status: status, contentType: "application/json", body: body)
        response.fields.appendPrivateCaching()
        return response
    }
}
