package import Users

/// How access tokens are made.
package struct TokenSettings: Equatable, Sendable {
    /// Through which client tokens are given (`client_id`, RFC 9068 §2.2): there is only this one.
    static let clientID = "user-management"

    /// The keys in PEM, of which the first one signs; nil if they are kept in the database.
    package var signingKeys: Secret?
    /// Who makes the tokens (`iss`).
    package var issuer: String
    /// For whom (`aud`).
    package var audience: String
    /// For how long they are good.
    package var lifetime: Duration

    /// Reads `JWT_…` and `ACCESS_TOKEN_LIFETIME`.
    package init(reading reader: inout ConfigurationReader) {
        signingKeys = reader.secret(.jwtSigningKeys)
        issuer = reader.string(.jwtIssuer, default: "http://localhost:8000")
        audience = reader.string(.jwtAudience, default: "user-management")
        lifetime = reader.duration(
            .accessTokenLifetime, default: .seconds(600),
            in: .seconds(10)...Duration.seconds(86_400))
    }
}

/// The administrator who is made if there is none.
package struct BootstrapSettings: Equatable, Sendable {
    /// The address; nil to make nobody.
    package var email: EmailAddress?
    /// The password; nil to make nobody.
    package var password: Secret?

    /// Reads `BOOTSTRAP_ADMIN_…`.
    package init(reading reader: inout ConfigurationReader) {
        email = reader.email(.bootstrapAdminEmail)
        password = reader.secret(.bootstrapAdminPassword)
    }
}
