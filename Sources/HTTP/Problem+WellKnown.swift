package import HTTPTypes

extension Problem {
    /// 404: no route, or nothing at it (RFC 9110 §15.5.5).
    package static let notFound = Problem(of: .notFound)

    /// 405: the path knows other methods only, which Allow lists (RFC 9110 §15.5.6).
    package static func methodNotAllowed(allow: [HTTPRequest.Method]) -> Problem {
        let methods = allow.map(\.rawValue).joined(separator: ", ")
        var problem = Problem(of: .methodNotAllowed, detail: "Allowed are: \(methods).")
        problem.fields.append(.allow, methods)
        return problem
    }

    /// 406: none of these media types is accepted, and there are no others (RFC 9110 §15.5.7).
    package static func notAcceptable(available mediaTypes: [String]) -> Problem {
        let types = mediaTypes.joined(separator: ", ")
        return Problem(of: .notAcceptable, detail: "Available are: \(types).")
    }

    /// 501: no path of the service knows the method (RFC 9110 §15.6.2).
    package static let methodNotImplemented = Problem(RequestParseError.unsupportedMethod)

    /// 401: the request has no token, and there is nothing without one (RFC 6750 §3).
    package static var authenticationRequired: Problem {
        var problem = Problem(of: .authenticationRequired)
        problem.fields.append(.wwwAuthenticate, "Bearer")
        return problem
    }

    /// 401: the token of the request is not valid (RFC 6750 §3.1).
    package static var invalidToken: Problem {
        var problem = Problem(of: .invalidToken)
        problem.fields.append(.wwwAuthenticate, #"Bearer error="invalid_token""#)
        return problem
    }

    /// 403: whom the request speaks for lacks a permission (RFC 9110 §15.5.4).
    package static func forbidden(lacking permission: String) -> Problem {
        Problem(of: .forbidden, detail: "It needs the permission \(permission).")
    }

    /// 415: the content is of another media type than those accepted, such as
    /// `application/json`, which `Accept-Post` (W3C LDP §7.1), `Accept-Patch` (RFC 5789 §3.1) or,
    /// for other methods, `Accept` lists (RFC 9110 §15.5.16).
    package static func unsupportedMediaType(
        for method: HTTPRequest.Method, accepted: [String]
    ) -> Problem {
        let types = accepted.joined(separator: ", ")
        let name: HTTPField.Name =
            switch method {
            case .post: .acceptPost
            case .patch: .acceptPatch
            default: .accept
            }
        var problem = Problem(of: .unsupportedMediaType, detail: "Accepted are: \(types).")
        problem.fields.append(name, types)
        return problem
    }

    /// 415: the content is compressed in a way that the service does not know. Accept-Encoding
    /// tells it from content of a wrong media type (RFC 9110 §15.5.16, RFC 7694 §3).
    package static var unsupportedContentCoding: Problem {
        var problem = Problem(
            of: .unsupportedContentCoding, detail: "Accepted are: \(ContentCoding.accepted).")
        problem.fields.append(.acceptEncoding, ContentCoding.accepted)
        return problem
    }

    /// 411: the request says nothing of a content, which it needs (RFC 9110 §15.5.12).
    package static let lengthRequired = Problem(
        of: .lengthRequired, detail: "Send it with Content-Length or Transfer-Encoding: chunked.")

    /// 408: the request did not arrive in time (RFC 9110 §15.5.9).
    package static let requestTimeout = Problem(of: .requestTimeout)

    /// 503: the service is overloaded or lacks its database; worth another try after this many
    /// seconds, 0 or more (RFC 9110 §15.6.4).
    package static func unavailable(
        retryAfterSeconds: Int, cause: (any Error)? = nil
    ) -> Problem {
        var problem = Problem(
            of: .unavailable, detail: "Try again in \(retryAfterSeconds) s.", cause: cause)
        problem.fields.appendNumber(.retryAfter, retryAfterSeconds)
        return problem
    }

    /// 500: a bug, or something that nobody foresaw (RFC 9110 §15.6.1).
    package static func internalError(cause: any Error) -> Problem {
        Problem(of: .internalError, cause: cause)
    }
}
