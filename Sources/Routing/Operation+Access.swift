package import HTTP

extension Operation {
    /// Who may ask for an operation. The router sees to it.
    package enum Access: Hashable, Sendable {
        /// Anybody; a token is not looked at.
        case anybody
        /// Anybody; what it does may depend on a token, which the endpoint looks at by itself.
        case anybodyWithToken
        /// Anybody as far as it goes, and whoever is granted this further; a token that is sent
        /// has to be valid.
        case anybodyOr(Grant)
        /// The user whose id stands in the path as `{id}`, or who is granted this.
        case ownerOr(Grant)
        /// Who is granted this.
        case holder(Grant)
    }

    /// Something that a user may be allowed.
    package struct Grant: Hashable, Sendable {
        /// What it is called, such as `users:read`.
        package let name: String
        /// Its bit in ``Principal/grants``.
        let mask: UInt8

        /// Makes a grant.
        package init(_ name: String, mask: UInt8) {
            self.name = name
            self.mask = mask
        }
    }
}

extension Operation.Access {
    /// Whether it is looked at whom a request speaks for.
    var needsPrincipal: Bool { self != .anybody && self != .anybodyWithToken }

    /// The problems that it brings about.
    var problems: [ProblemKind] {
        switch self {
        case .anybody, .anybodyWithToken: []
        case .anybodyOr: [.invalidToken, .unavailable]
        case .ownerOr, .holder:
            [.authenticationRequired, .invalidToken, .forbidden, .unavailable]
        }
    }

    /// Refuses whom it does not admit.
    /// - Throws: 401 for nobody in particular, 403 for somebody who may not.
    func admit(_ principal: Principal?, _ parameters: PathParameters) throws(Problem) {
        switch self {
        case .anybody, .anybodyWithToken, .anybodyOr: return
        case .ownerOr(let grant):
            guard let principal else { throw .authenticationRequired }
            guard principal.holds(grant) || parameters.name(principal.user) else {
                throw .forbidden(lacking: grant.name)
            }
        case .holder(let grant):
            guard let principal else { throw .authenticationRequired }
            guard principal.holds(grant) else { throw .forbidden(lacking: grant.name) }
        }
    }
}

extension Principal {
    /// Whether the user is allowed this.
    package func holds(_ grant: Operation.Grant) -> Bool { grants & grant.mask != 0 }
}
