package import HTTP
package import Middleware
import Tokens
package import Users

/// Everything that an operator can set, read and checked; plain values with their units.
package struct ServiceConfiguration: Equatable, Sendable {
    /// Where the service listens.
    package var listen: ListenSettings
    /// The TCP port that `/metrics` is served on, and nowhere else, 0 for a free one; nil for
    /// ``listen``'s.
    package var metricsPort: Int?
    /// How many event loops run, 1 to 1024; nil for one per processor at hand.
    package var eventLoops: Int?
    /// How the database is reached.
    package var database: DatabaseSettings
    /// How the Redis is reached that processes share.
    package var redis: RedisSettings
    /// What the service's keys are derived from, ``SecretKey/octetCountMin`` octets or more; nil if
    /// that is kept in the database.
    package var secretKey: Secret?
    /// How access tokens are made.
    package var tokens: TokenSettings
    /// The administrator who is made if there is none.
    package var bootstrap: BootstrapSettings
    /// The rules of accounts.
    package var accounts: AccountSettings
    /// How many requests one client may send.
    package var rateLimits: RateLimitSettings
    /// The networks whose word is taken for where a request comes from.
    package var trustedProxies: [AddressRange]
    /// The origins whose pages may call the service.
    package var allowedOrigins: AllowedOrigins
    /// What is logged, and how.
    package var logging: LogSettings
    /// What is traced.
    package var traces: TraceSettings
    /// How the service stops.
    package var shutdown: ShutdownSettings
    /// The limits of the HTTP server.
    package var http: HTTPSettings
    /// Which answers are compressed, and how.
    package var compression: CompressionSettings
    /// The folder that holds Swagger UI, for `/docs`.
    package var docsDirectory: String

    /// Reads all of it.
    package init(reading reader: inout ConfigurationReader) {
        listen = ListenSettings(reading: &reader)
        metricsPort = reader.port(.metricsPort, otherThan: .port, listen.port)
        eventLoops = reader.integer(.eventLoops, in: 1...1024)
        database = DatabaseSettings(reading: &reader)
        redis = RedisSettings(reading: &reader)
        secretKey = reader.secret(.secretKey, octetCountMin: SecretKey.octetCountMin)
        tokens = TokenSettings(reading: &reader)
        bootstrap = BootstrapSettings(reading: &reader)
        accounts = AccountSettings(reading: &reader)
        rateLimits = RateLimitSettings(reading: &reader)
        trustedProxies = reader.networks(.trustedProxies)
        allowedOrigins = reader.origins(.corsAllowedOrigins)
        logging = LogSettings(reading: &reader)
        traces = TraceSettings(reading: &reader)
        shutdown = ShutdownSettings(reading: &reader)
        http = HTTPSettings(reading: &reader)
        compression = CompressionSettings(reading: &reader)
        docsDirectory = reader.string(.docsDirectory, default: ".build-assets/swagger-ui")
    }

    /// The same without the secrets that are used at the start, and not again.
    var withoutSecrets: ServiceConfiguration {
        var configuration = self
        configuration.redis.url = nil
        configuration.secretKey = nil
        configuration.tokens.signingKeys = nil
        configuration.bootstrap.password = nil
        return configuration
    }

    /// Reads all of it from `environment`.
    ///
    /// - Throws: ``InvalidConfiguration`` with every fault.
    package init(from environment: Environment) throws(InvalidConfiguration) {
        self = try ConfigurationReader.read(from: environment) { Self(reading: &$0) }
    }
}

/// Where the service listens; all that a probe of it needs to know.
package struct ListenSettings: Equatable, Sendable {
    /// An address or a name of this host.
    package var host: String
    /// A TCP port; 0 lets the system choose one.
    package var port: Int

    /// Reads `HOST` and `PORT`.
    package init(reading reader: inout ConfigurationReader) {
        host = reader.string(.host, default: "0.0.0.0")
        port = reader.integer(.port, default: 8000, in: 0...65_535)
    }
}

/// How the database is reached, and how long each wait for it may take.
package struct DatabaseSettings: Equatable, Sendable {
    /// The address with the credentials, as libpq reads it.
    package var url: Secret
    /// The address for what needs a session of its own, migrations for one; where no pooler is in
    /// between it is ``url``.
    package var directURL: Secret
    /// Whether statements are prepared and kept in the session.
    package var preparesStatements: Bool
    /// Whether changes that come at the same moment share a commit.
    package var batchesWrites: Bool
    /// How many connections there are, and how long they live.
    package var pool: PoolSettings
    /// The longest that opening a connection may take.
    package var connectTimeout: Duration
    /// The longest that a request waits for a free connection.
    package var acquireTimeout: Duration
    /// The longest that a statement may run.
    package var statementTimeout: Duration
    /// The longest that a page of a list may take that has to be searched for.
    package var searchTimeout: Duration
    /// The longest that counting the users of a list may take.
    package var countTimeout: Duration
    /// The folder that holds the migrations.
    package var migrationsDirectory: String

    /// Reads `DATABASE_…` and `MIGRATIONS_DIRECTORY`.
    package init(reading reader: inout ConfigurationReader) {
        let wait = Duration.milliseconds(10)...Duration.seconds(3600)
        url = reader.requiredSecret(
            .databaseURL, accepted: "postgresql://user:password@host:5432/database")
        directURL = reader.secret(.databaseDirectURL) ?? url
        preparesStatements = reader.boolean(.databasePreparedStatements, default: true)
        batchesWrites = reader.boolean(.databaseWriteBatching, default: true)
        pool = PoolSettings(reading: &reader)
        connectTimeout = reader.duration(
            .databaseConnectTimeout, default: .seconds(5), in: wait)
        acquireTimeout = reader.duration(
            .databaseAcquireTimeout, default: .seconds(2), in: wait)
        statementTimeout = reader.duration(
            .databaseStatementTimeout, default: .seconds(5), in: wait)
        let search = wait.lowerBound...statementTimeout
        searchTimeout = reader.duration(
            .databaseSearchTimeout, default: min(.seconds(2), statementTimeout), in: search)
        countTimeout = reader.duration(
            .databaseCountTimeout, default: min(.seconds(1), statementTimeout), in: search)
        migrationsDirectory = Self.migrationsDirectory(reading: &reader)
    }

    /// Reads `MIGRATIONS_DIRECTORY` alone, for what needs no database.
    static func migrationsDirectory(reading reader: inout ConfigurationReader) -> String {
        reader.string(.migrationsDirectory, default: "migrations")
    }
}

/// The rules of accounts that an operator may choose.
package struct AccountSettings: Equatable, Sendable {
    /// The least number of code points of a new password (NIST SP 800-63B-4 asks for 15).
    package var passwordLengthMin: Int
    /// How many threads hash passwords, each with the memory of one hash; nil for all processors
    /// but one.
    package var hashingThreads: Int?
    /// Whether anybody may register.
    package var isRegistrationEnabled: Bool
    /// Whether a write without `If-Match` is refused with 428.
    package var requiresIfMatch: Bool

    /// What is asked of a new password.
    package var passwordPolicy: PasswordPolicy {
        PasswordPolicy(codePointCountMin: passwordLengthMin)
    }

    /// Reads `PASSWORD_…`, `REGISTRATION_ENABLED` and `REQUIRE_IF_MATCH`.
    package init(reading reader: inout ConfigurationReader) {
        passwordLengthMin = reader.integer(.passwordMinLength, default: 15, in: 8...64)
        hashingThreads = reader.integer(.passwordHashingThreads, in: 1...1024)
        isRegistrationEnabled = reader.boolean(.registrationEnabled, default: true)
        requiresIfMatch = reader.boolean(.requireIfMatch, default: false)
    }
}

/// How the service stops.
package struct ShutdownSettings: Equatable, Sendable {
    /// How long it still serves after SIGTERM while it reports itself not ready.
    package var delay: Duration
    /// How long requests in flight then have to finish.
    package var grace: Duration

    /// How long a shutdown takes at most.
    package var whole: Duration { delay + grace }

    /// Reads `SHUTDOWN_DELAY` and `SHUTDOWN_GRACE`.
    package init(reading reader: inout ConfigurationReader) {
        let wait = Duration.zero...Duration.seconds(3600)
        delay = reader.duration(.shutdownDelay, default: .seconds(5), in: wait)
        grace = reader.duration(.shutdownGrace, default: .seconds(20), in: wait)
    }
}
