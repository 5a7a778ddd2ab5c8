import HTTP
import JSON
package import Routing

extension Operation.Field {
    /// What is left of the quota. What is refused before it is counted, such as a request that
    /// cannot be read, lacks it.
    package static let rateLimit = Operation.Field(
        .rateLimit,
        "For each policy, how many requests are left (r), and the seconds until the quota is whole "
            + "again (t) (draft-ietf-httpapi-ratelimit-headers-10).",
        list(of: ";r=[0-9]+;t=[0-9]+"), isRequired: false)

    /// What the quota is.
    package static let rateLimitPolicy = Operation.Field(
        .rateLimitPolicy,
        "For each policy, how many requests (q) it allows in how many seconds (w) "
            + "(draft-ietf-httpapi-ratelimit-headers-10).",
        list(of: ";q=[0-9]+;w=[0-9]+"), isRequired: false)

    private static func list(of parameters: String) -> JSONValue {
        let item = "\"[a-z-]+\"" + parameters
        return ["type": "string", "pattern": .string("^\(item)(, ?\(item))*$")]
    }
}

extension Operation {
    /// The same operation behind a limit: it may answer 429, and tells of the quota in each answer.
    /// Itself if it is never limited.
    package var limited: Operation {
        guard !isUnlimited else { return self }
        let quota: [Field] = [.rateLimitPolicy, .rateLimit]
        let isToldOf = problems.contains { $0.code == ProblemKind.rateLimited.code }
        return Operation(
            id, tag: tag, summary, description: description, access: access,
            parameters: parameters, content: content,
            answers: answers.map { $0.adding(quota) },
            problems: problems + (isToldOf ? [] : [.rateLimited]),
            problemFields: problemFields.adding(quota))
    }
}

extension Operation.Answer {
    fileprivate func adding(_ others: [Operation.Field]) -> Operation.Answer {
        Operation.Answer(
            status, description, fields: fields.adding(others), content, links: links)
    }
}

extension [Operation.Field] {
    /// These and those of `others` that are not among them, so that a name stands once.
    fileprivate func adding(_ others: [Operation.Field]) -> [Operation.Field] {
        self + others.filter { other in !contains { $0.name == other.name } }
    }
}
