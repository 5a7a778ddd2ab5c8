package import HTTP
import HTTPTypes

extension ProblemKind {
    /// All kinds of problems that limits have.
    package static let rateLimits: [ProblemKind] = [.rateLimited]

    /// 429: too many requests (RFC 6585 §4).
    package static let rateLimited = ProblemKind(
        code: "rate_limited", status: .tooManyRequests, title: "There were too many requests",
        meaning: "The client, or its network, has used up what the policy in RateLimit-Policy "
            + "allows. Nothing was done.",
        remedy: "Send the request again after as many seconds as Retry-After says. RateLimit tells "
            + "with each answer how many requests are left.")
}

extension Problem {
    /// 429: a quota is used up; worth another try after this many seconds, 1 or more.
    package static func rateLimited(retryAfterSeconds: Int) -> Problem {
        var problem = Problem(of: .rateLimited, detail: "Try again in \(retryAfterSeconds) s.")
        problem.fields.appendNumber(.retryAfter, retryAfterSeconds)
        return problem
    }
}
