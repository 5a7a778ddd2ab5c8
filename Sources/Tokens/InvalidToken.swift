/// Why an access token is refused, for metrics and tests; a client is told no more than that it is.
package enum InvalidToken: Error, CaseIterable {
    /// It has more than ``AccessTokens/octetCountMax`` octets.
    case tooLong
    /// It is not three parts of base64url, or one is not the JSON that a token of ours has there.
    case malformed
    /// Its `typ` does not say that it is an access token.
    case wrongType
    /// Its `alg` is none that we sign with.
    case foreignAlgorithm
    /// Its `kid` names no key of ours.
    case unknownKey
    /// The key that it names has not signed it.
    case wrongSignature
    /// Somebody else made it.
    case foreignIssuer
    /// It was made for somebody else.
    case foreignAudience
    /// Its time is over.
    case expired
    /// Its time has not come.
    case notYetValid
}

/// Why no access token was made.
package enum UnsignableToken: Error {
    /// It would have more than ``AccessTokens/octetCountMax`` octets.
    case tooLong
    /// The algorithm failed, for want of randomness.
    case signingFailed
}
