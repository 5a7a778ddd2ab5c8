import JSON
import JWTKit

/// Makes and checks access tokens: JWTs (RFC 7519) with the profile of RFC 9068, signed with ES256.
///
/// Signing and verifying are jwt-kit's. Everything in front of that is decided here and strictly,
/// because jwt-kit lets a token choose: one that names no known key gets the default key. Its
/// `JWTKeyCollection` would moreover take each request to another thread and back; the algorithm
/// that it hands out, one for each key, is a value that works wherever it is asked.
package struct AccessTokens: Sendable {
    /// The most octets that a token may have.
    package static let octetCountMax = 2048
    /// How far in the future a token may have been made, in seconds: other machines' clocks differ.
    package static let clockLeewaySeconds: Int64 = 30

    struct Verifier: Sendable {
        let keyID: String
        let algorithm: any JWTAlgorithm
    }

    private let header: String
    private let signer: any JWTAlgorithm
    let verifiers: [Verifier]
    let issuer: String
    let audience: String
    private let clientID: String

    /// Takes the keys, and what tokens say of who makes them (`iss`), for whom (`aud`) and through
    /// which client (`client_id`, RFC 8693 §4.3).
    package init(
        keys: SigningKeys, issuer: String, audience: String, clientID: String
    ) async {
        var verifiers: [Verifier] = []
        for key in keys.verificationKeys {
            let algorithm = await Self.algorithm(of: key.publicKey)
            verifiers.append(Verifier(keyID: key.id, algorithm: algorithm))
        }
        self.verifiers = verifiers
        signer = await Self.algorithm(of: keys.signer)
        header = Base64URL.text(
            of: JSONWriter.object { header in
                header.member("alg", "ES256")
                header.member("typ", "at+jwt")
                header.member("kid", verifiers.first?.keyID)
            })
        self.issuer = issuer
        self.audience = audience
        self.clientID = clientID
    }

    /// Makes the token of `claims`.
    package func token(of claims: AccessTokenClaims) throws(UnsignableToken) -> String {
        let signed = header + "." + Base64URL.text(of: payload(of: claims))
        guard let signature = try? signer.sign(Array(signed.utf8)) else { throw .signingFailed }
        let token = signed + "." + Base64URL.text(of: signature)
        guard token.utf8.count <= Self.octetCountMax else { throw .tooLong }
        return token
    }

    private func payload(of claims: AccessTokenClaims) -> [UInt8] {
        JSONWriter.object { payload in
            payload.member("iss", issuer)
            payload.member("sub", claims.subject)
            payload.member("aud", audience)
            payload.member("client_id", clientID)
            payload.member("iat", claims.issuedAt)
            payload.member("exp", claims.expiresAt)
            payload.member("jti", claims.id)
            payload.member("sid", claims.session)
            payload.member("epoch", claims.epoch)
            payload.array("roles") { roles in
                for role in claims.roles { roles.element(role) }
            }
        }
    }

    /// jwt-kit's ES256 with one key. Only a collection hands it out, so each key gets one of its
    /// own, in which there is nothing to choose from.
    private static func algorithm(of key: some ECDSAKey) async -> any JWTAlgorithm {
        let collection = JWTKeyCollection()
        await collection.add(ecdsa: key)
        guard let algorithm = try? await collection.getKey() else {
            // A collection gives the first key that was added to it when it is asked for none.
            preconditionFailure("A collection of one key has none.")
        }
        return algorithm
    }
}
