package import HTTP
package import Routing

extension RateLimiter {
    /// What a decision means for a request: its answer tells how the quota stands, and is 429 if
    /// the quota is used up.
    ///
    /// A proxy that is not known as one is counted and not refused: all of its clients would be.
    package func admission(
        of request: Request, by decision: RateLimitDecision
    ) -> Admission {
        let lines = policy.lines(decision.standing)
        guard case .refused(_, let retryAfterSeconds) = decision else { return .admitted(lines) }
        let isEnforced = !isShared(request)
        metrics.exceeded(policy.name, isEnforced: isEnforced)
        guard isEnforced else { return .admitted(lines) }
        var problem = Problem.rateLimited(retryAfterSeconds: retryAfterSeconds)
        problem.fields.append(lines)
        return .refused(problem)
    }

    /// Counts a request of its client's network, and answers it by `respond` or, if the quota is
    /// used up, with 429; with the fields `RateLimit-Policy` and `RateLimit` either way.
    package func limit(
        _ request: Request, _ respond: () async throws(Problem) -> Response
    ) async throws(Problem) -> Response {
        switch admission(of: request, by: await decide(.network(of: request.client))) {
        case .refused(let problem): throw problem
        case .admitted(let lines):
            do throws(Problem) {
                var response = try await respond()
                if let lines { response.fields.append(lines) }
                return response
            } catch {
                var problem = error
                if let lines { problem.fields.append(lines) }
                throw problem
            }
        }
    }

    private func isShared(_ request: Request) -> Bool {
        guard let notice, request.isForwardedByStranger else { return false }
        notice.give()
        return true
    }
}
