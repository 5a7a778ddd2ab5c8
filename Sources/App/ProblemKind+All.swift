import HTTP
import AuthenticationHTTP
import RateLimiting
import UsersHTTP

extension ProblemKind {
    /// Every kind of problem that the service tells of: the register, which docs/problems.md shows.
    static let all = http + users + roles + authentication + rateLimits
}
