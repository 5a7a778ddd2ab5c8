import Authentication
import HTTP
import HTTPTypes
import UsersHTTP

extension Problem {
    /// How an error of logging in is told to a client.
    init(_ error: AuthenticationError) {
        // No `default`: a new case must not compile before someone decides its status.
        switch error {
        case .invalidCredentials: self = .unauthorized(.invalidCredentials)
        case .accountDisabled: self.init(of: .accountDisabled)
        case .invalidRefreshToken: self = .unauthorized(.invalidRefreshToken)
        case .refreshTokenReused: self = .unauthorized(.refreshTokenReused)
        case .sessionNotFound: self.init(of: .sessionNotFound)
        case .failed(let error): self.init(error)
        }
    }

    /// 401 as RFC 9110 §15.5.2 has it: with a challenge.
    private static func unauthorized(_ kind: ProblemKind) -> Problem {
        var problem = Problem(of: kind)
        problem.fields.append(.wwwAuthenticate, "Bearer")
        return problem
    }
}
