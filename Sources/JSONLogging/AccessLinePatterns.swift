import JSON
import Synchronization

/// What the lines of all requests with the same method, route and status have in common: most of
/// what they say, as JSON.
final class AccessLinePattern: Sendable {
    let method: String
    let route: String
    let status: Int
    /// The members from the level to the message.
    let beginning: JSONMembers
    /// The method, the route and the status.
    let middle: JSONMembers

    init(method: String, route: String, status: Int, service: String) {
        self.method = method
        self.route = route
        self.status = status
        beginning = JSONMembers { line in
            line.member(LogKey.logLevel.name, LogSeverity(ofStatus: status).rawValue)
            line.member(LogKey.service.name, service)
            line.member(LogKey.message.name) { message in
                message.append(method)
                message.append(" ")
                message.append(route)
                message.append(" ")
                message.append(Int64(status))
            }
        }
        middle = JSONMembers { line in
            line.member(LogKey.method.name, method)
            line.member(LogKey.route.name, route)
            line.member(LogKey.status.name, Int64(status))
        }
    }
}

/// The patterns that have been made, each for good: there are no more of them than routes times
/// ``methods`` times statuses, and few that are met. What a client makes up is not kept, or it
/// could make the lists long in which others' patterns are looked for: another method gets a
/// pattern for the one line.
///
/// Safe from any thread. Each loop has a log of its own, so its lock is free.
final class AccessLinePatterns: Sendable {
    /// The methods of which patterns are kept; `-` stands for what was no request.
    static let methods: Set = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "-"]
    /// A power of two.
    private static let listCount = 128

    private let service: String
    private let lists = Mutex([[AccessLinePattern]](repeating: [], count: listCount))

    /// - Parameter service: What the lines call the service.
    init(service: String) { self.service = service }

    /// The pattern of a request's line.
    func pattern(method: String, route: String, status: Int) -> AccessLinePattern {
        // Templates of one length with the same methods and statuses are rare.
        let hash = status &+ 37 &* route.utf8.count &+ 11 &* method.utf8.count
        let index = hash & (Self.listCount - 1)
        return lists.withLock { lists in
            for pattern in lists[index]
            where pattern.status == status && pattern.route == route && pattern.method == method {
                return pattern
            }
            let pattern = AccessLinePattern(
                method: method, route: route, status: status, service: service)
            if Self.methods.contains(method) { lists[index].append(pattern) }
            return pattern
        }
    }
}
