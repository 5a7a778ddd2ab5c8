import Ambient
import Crypto
import FoundationEssentials
import Tokens

/// Keys and a token that Python's cryptography 50.0.2, jwcrypto 1.6.1 and PyJWT 2.15.1 have made.
enum Sample {
    static let pkcs8 = pem(
        "PRIVATE KEY",
        """
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgzxwS11C1ELd1SfYh
        dZxE/kNCsWlaJkVuf6empRpVciChRANCAASgWVq+hvLVNWR7f36Rt4wOcBl2rLRB
        Nbuhsrv3g2bBeaCtHGtPZ9f0UDzwPi0AUhBs4XEJghrgzDjZW2zuav8g
        """)
    static let sec1 = pem(
        "EC PRIVATE KEY",
        """
        MHcCAQEEIM8cEtdQtRC3dUn2IXWcRP5DQrFpWiZFbn+npqUaVXIgoAoGCCqGSM49
        AwEHoUQDQgAEoFlavoby1TVke39+kbeMDnAZdqy0QTW7obK794NmwXmgrRxrT2fX
        9FA88D4tAFIQbOFxCYIa4Mw42Vts7mr/IA==
        """)
    static let publicKey = pem(
        "PUBLIC KEY",
        """
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEoFlavoby1TVke39+kbeMDnAZdqy0
        QTW7obK794NmwXmgrRxrT2fX9FA88D4tAFIQbOFxCYIa4Mw42Vts7mr/IA==
        """)
    static let keyID = "3mEqNCGbI6ntsqdwirgPDPHVN3AmM1CKjDWNpxX3t7U"
    static let jwk = #"""
        {"kty":"EC","crv":"P-256","x":"oFlavoby1TVke39-kbeMDnAZdqy0QTW7obK794NmwXk",\#
        "y":"oK0ca09n1_RQPPA-LQBSEGzhcQmCGuDMONlbbO5q_yA","kid":"\#(keyID)","use":"sig",\#
        "alg":"ES256"}
        """#
    /// A token of ``claims`` for two audiences.
    static let token = """
        eyJhbGciOiJFUzI1NiIsImtpZCI6IjNtRXFOQ0diSTZudHNxZHdpcmdQRFBIVk4zQW1NMUNLakRXTnB4WDN0N1Ui\
        LCJ0eXAiOiJhdCtqd3QifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwic3ViIjoiMDE5YThjNWUtN\
        2IxZi03Y2RlLThmMDAtMDEyMzQ1Njc4OWFiIiwiYXVkIjpbIm90aGVyIiwidXNlci1tYW5hZ2VtZW50Il0sImNsa\
        WVudF9pZCI6InVzZXItbWFuYWdlbWVudCIsImlhdCI6MTc5NTAwMDAwMCwiZXhwIjoxNzk1MDAwNjAwLCJqdGkiO\
        iIwMTlhOGM1ZS03YjFmLTdjZGUtOGYwMC0wMTIzNDU2Nzg5YWQiLCJzaWQiOiIwMTlhOGM1ZS03YjFmLTdjZGUtO\
        GYwMC0wMTIzNDU2Nzg5YWMiLCJlcG9jaCI6Nywicm9sZXMiOlsiYWRtaW4iLCJtZW1iZXIiXX0.lNhhCHcvZhDki\
        YpfKPdRRJVh2D-dj5fCSRF19mFC53dJ8LjLQhWZuHZBWSU6_9N88vqDROOv4F0QuFsMB4IK3A
        """
    static let issuer = "https://issuer.example"
    static let audience = "user-management"
    static let claims = AccessTokenClaims(
        subject: UUID(high: 0x019a_8c5e_7b1f_7cde, low: 0x8f00_0123_4567_89ab),
        session: UUID(high: 0x019a_8c5e_7b1f_7cde, low: 0x8f00_0123_4567_89ac),
        id: UUID(high: 0x019a_8c5e_7b1f_7cde, low: 0x8f00_0123_4567_89ad),
        roles: ["admin", "member"], epoch: 7, issuedAt: 1_795_000_000, expiresAt: 1_795_000_600)
    /// A time within that of ``token``.
    static let now = Timestamp(microsecondsSince1970: 1_795_000_300_000_000)

    static func key() throws -> P256.Signing.PrivateKey {
        try P256.Signing.PrivateKey(pemRepresentation: pkcs8)
    }

    /// Makes and checks tokens by ``pkcs8``, unless other keys are given.
    static func tokens(pem: String = pkcs8) async throws -> AccessTokens {
        await AccessTokens(
            keys: try SigningKeys(pem: pem), issuer: issuer, audience: audience,
            clientID: audience)
    }

    /// A block of PEM with these lines.
    static func pem(_ label: String, _ lines: String) -> String {
        "-----BEGIN \(label)-----\n\(lines)\n-----END \(label)-----\n"
    }
}

/// A token put together from any header and payload, with the signature that belongs to them.
struct ForgedToken: Sendable {
    var header = #"{"alg":"ES256","typ":"at+jwt","kid":"\#(Sample.keyID)"}"#
    var payload = payloadText()

    var signed: String { base64URL(header.utf8) + "." + base64URL(payload.utf8) }

    /// The token, signed by `key`; by ``Sample/key()`` if there is none.
    func text(signedBy key: P256.Signing.PrivateKey? = nil) throws -> String {
        let signature = try (key ?? Sample.key()).signature(for: Data(signed.utf8))
        return signed + "." + base64URL(signature.rawRepresentation)
    }

    /// The text of a payload like that of ``Sample/token``, with some of its members, each with a
    /// JSON text, changed, or without them, and with more at the end.
    static func payloadText(_ changes: [String: String?] = [:], adding more: String = "") -> String
    {
        let members = [
            ("iss", #""https://issuer.example""#),
            ("sub", #""019a8c5e-7b1f-7cde-8f00-0123456789ab""#), ("aud", #""user-management""#),
            ("client_id", #""user-management""#), ("iat", "1795000000"), ("exp", "1795000600"),
            ("jti", #""019a8c5e-7b1f-7cde-8f00-0123456789ad""#),
            ("sid", #""019a8c5e-7b1f-7cde-8f00-0123456789ac""#), ("epoch", "7"),
            ("roles", #"["admin","member"]"#),
        ]
        let texts = members.compactMap { name, text in
            (changes[name] ?? text).map { "\"\(name)\":\($0)" }
        }
        return "{" + texts.joined(separator: ",") + more + "}"
    }
}

extension AccessTokens {
    /// Why a token is refused; nil if it is taken.
    func refusal(of token: [UInt8], at now: Timestamp = Sample.now) -> InvalidToken? {
        do {
            _ = try claims(of: token, at: now)
            return nil
        } catch {
            return error
        }
    }
}

/// The base64url of octets, by way of FoundationEssentials' base64.
func base64URL(_ octets: some Sequence<UInt8>) -> String {
    Data(octets).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
        .replacing("=", with: "")
}
