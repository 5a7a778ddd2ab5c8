import Ambient
import Authentication
import HTTP
import HTTPTypes
import JSON
import RateLimiting
import Routing
import Users
import UsersHTTP

/// `POST /auth/login`: tokens for an address and a password.
struct LogIn<Repository: AuthenticationRepository, Mint: TokenMint>: Endpoint {
    let api: AuthenticationAPI<Repository, Mint>

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let json = try await request.json(["application/json"], bytesMax: api.bodyBytesMax)
        let (email, password) = try await telling { () throws(AuthenticationError) in
            try Self.credentials(json)
        }
        var budget: LoginBudget?
        do throws(AuthenticationError) {
            let tokens = try await api.service.logIn(
                email, password, from: request.clientDetails,
                network: request.client.network.octets
            ) { budget = $0 }
            var response = Response.tokens(tokens)
            if let budget { response.fields.append(budget) }
            return response
        } catch {
            var problem = Problem(error)
            if let budget { problem.fields.append(budget) }
            throw problem
        }
    }

    private static func credentials(
        _ json: JSONValue
    ) throws(AuthenticationError) -> (EmailAddress, PasswordCandidate) {
        do throws(UserError) {
            var reader = try MemberReader(json)
            let email: EmailAddress? = reader.required(.email)
            let password = reader.requiredText(UserMember.password.rawValue)
            try reader.finish()
            guard let email, let password else {
                preconditionFailure("A required member is missing without a fault.")
            }
            return (email, PasswordCandidate(password))
        } catch {
            throw .failed(error)
        }
    }
}

extension ResponseFields {
    /// Appends how the budget of an address stands.
    mutating func append(_ budget: LoginBudget) {
        let policy = RateLimitPolicy(
            .loginID,
            RateLimit(requestCount: Int(budget.quota), windowSeconds: Int(budget.windowSeconds)))
        append(
            policy.lines(
                RateLimitStanding(
                    remaining: Int(budget.remaining),
                    secondsUntilRestored: Int(budget.resetSeconds))))
    }
}

extension Request {
    /// From where the request comes, as the user is told later.
    fileprivate var clientDetails: ClientDetails {
        ClientDetails(
            address: client == .unknown ? nil : client.text,
            userAgent: head.fields.value(of: .userAgent))
    }
}

extension ClientAddress {
    /// The 16 octets of the address.
    var octets: [UInt8] {
        var octets: [UInt8] = []
        octets.append(bigEndian: high)
        octets.append(bigEndian: low)
        return octets
    }
}

extension MemberReader {
    /// A text that must be there.
    mutating func requiredText(_ name: String) -> String? {
        guard self[name] != nil else {
            note(pointer: "/" + name, InvalidValue(.required, "The member is required."))
            return nil
        }
        return optionalText(name)
    }

    /// A text that may be absent.
    mutating func optionalText(_ name: String) -> String? {
        switch self[name] {
        case nil: return nil
        case .string(let text): return text
        default:
            note(pointer: "/" + name, InvalidValue(.wrongType, "The member is a string."))
            return nil
        }
    }
}
