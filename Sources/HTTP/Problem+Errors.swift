extension Problem {
    /// The problem of a request that could not be read.
    package init(_ error: RequestParseError) {
        self.init(of: error.kind, detail: error.explanation)
    }

    /// The problem of content that could not be read.
    package init(_ error: BodyError) {
        switch error {
        case .tooLarge: self.init(RequestParseError.bodyTooLarge)
        case .timedOut: self = .requestTimeout
        case .connectionLost:
            self.init(of: .connectionLost)
        case .malformed(let error): self.init(error)
        case .unsupportedCoding: self = .unsupportedContentCoding
        case .malformedGzip: self.init(of: .malformedGzip)
        case .overloaded: self = .unavailable(retryAfterSeconds: 1)
        }
    }

    /// The problem of a query that could not be read.
    package init(_ error: QueryError) {
        self.init(of: .malformedQuery, detail: error.explanation)
    }
}

extension QueryError {
    /// What is wrong. It names no parameter, because a name is the client's text.
    fileprivate var explanation: String {
        switch self {
        case .malformedEscape: "A percent sign must be followed by two hexadecimal digits."
        case .invalidUTF8: "Names and values must be UTF-8 without U+0000 once decoded."
        case .tooManyParameters: "There are more parameters than \(QueryParameters.countMax)."
        case .repeatedParameter: "A parameter is given more than once."
        }
    }
}
