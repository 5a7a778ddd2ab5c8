/// The variables that the service reads, every one of them.
///
/// A value cannot be read under a name that does not stand here, and `.env.example` is held against
/// this list by a test.
package enum VariableName: String, CaseIterable, Sendable {
    case host = "HOST"
    case port = "PORT"
    case metricsPort = "METRICS_PORT"
    case eventLoops = "EVENT_LOOPS"

    case databaseURL = "DATABASE_URL"
    case databaseDirectURL = "DATABASE_DIRECT_URL"
    case databasePreparedStatements = "DATABASE_PREPARED_STATEMENTS"
    case databaseWriteBatching = "DATABASE_WRITE_BATCHING"
    case databasePoolSize = "DATABASE_POOL_SIZE"
    case databasePoolMin = "DATABASE_POOL_MIN"
    case databasePoolWaitersMax = "DATABASE_POOL_WAITERS_MAX"
    case databasePoolIdleTimeout = "DATABASE_POOL_IDLE_TIMEOUT"
    case databaseConnectionLifetime = "DATABASE_CONNECTION_LIFETIME"
    case databaseIdleInTransactionTimeout = "DATABASE_IDLE_IN_TRANSACTION_TIMEOUT"
    case databaseConnectTimeout = "DATABASE_CONNECT_TIMEOUT"
    case databaseAcquireTimeout = "DATABASE_ACQUIRE_TIMEOUT"
    case databaseStatementTimeout = "DATABASE_STATEMENT_TIMEOUT"
    case databaseSearchTimeout = "DATABASE_SEARCH_TIMEOUT"
    case databaseCountTimeout = "DATABASE_COUNT_TIMEOUT"
    case migrationsDirectory = "MIGRATIONS_DIRECTORY"

    case redisURL = "REDIS_URL"
    case redisTimeout = "REDIS_TIMEOUT"
    case userCacheTTL = "USER_CACHE_TTL"

    case secretKey = "SECRET_KEY"

    case jwtSigningKeys = "JWT_SIGNING_KEYS"
    case jwtIssuer = "JWT_ISSUER"
    case jwtAudience = "JWT_AUDIENCE"
    case accessTokenLifetime = "ACCESS_TOKEN_LIFETIME"

    case passwordMinLength = "PASSWORD_MIN_LENGTH"
    case passwordHashingThreads = "PASSWORD_HASHING_THREADS"
    case registrationEnabled = "REGISTRATION_ENABLED"
    case requireIfMatch = "REQUIRE_IF_MATCH"
    case bootstrapAdminEmail = "BOOTSTRAP_ADMIN_EMAIL"
    case bootstrapAdminPassword = "BOOTSTRAP_ADMIN_PASSWORD"

    case rateLimitEnabled = "RATE_LIMIT_ENABLED"
    case rateLimitIP = "RATE_LIMIT_IP"
    case rateLimitToken = "RATE_LIMIT_TOKEN"
    case rateLimitLoginIP = "RATE_LIMIT_LOGIN_IP"
    case rateLimitLoginID = "RATE_LIMIT_LOGIN_ID"
    case rateLimitRegisterIP = "RATE_LIMIT_REGISTER_IP"

    case trustedProxies = "TRUSTED_PROXIES"

    case corsAllowedOrigins = "CORS_ALLOWED_ORIGINS"

    case gzipEnabled = "GZIP_ENABLED"
    case gzipTypes = "GZIP_TYPES"
    case gzipMinSize = "GZIP_MIN_SIZE"
    case gzipLevel = "GZIP_LEVEL"

    case docsDirectory = "DOCS_DIRECTORY"

    case logLevel = "LOG_LEVEL"
    case logFormat = "LOG_FORMAT"
    case logClientAddress = "LOG_CLIENT_ADDRESS"
    case accessLog = "ACCESS_LOG"
    case accessLogSample = "ACCESS_LOG_SAMPLE"
    case accessLogSlow = "ACCESS_LOG_SLOW"

    case otelExporterOTLPEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT"
    case otelServiceName = "OTEL_SERVICE_NAME"
    case otelResourceAttributes = "OTEL_RESOURCE_ATTRIBUTES"
    case otelTracesSampler = "OTEL_TRACES_SAMPLER"
    case otelTracesSamplerArg = "OTEL_TRACES_SAMPLER_ARG"

    case shutdownDelay = "SHUTDOWN_DELAY"
    case shutdownGrace = "SHUTDOWN_GRACE"

    case httpRequestLineMax = "HTTP_REQUEST_LINE_MAX"
    case httpMethodMax = "HTTP_METHOD_MAX"
    case httpHeaderSectionMax = "HTTP_HEADER_SECTION_MAX"
    case httpHeaderFieldMax = "HTTP_HEADER_FIELD_MAX"
    case httpHeaderFieldCountMax = "HTTP_HEADER_FIELD_COUNT_MAX"
    case httpBodyMax = "HTTP_BODY_MAX"
    case httpChunkLineMax = "HTTP_CHUNK_LINE_MAX"
    case httpChunkExtensionsMax = "HTTP_CHUNK_EXTENSIONS_MAX"
    case httpReadAheadMax = "HTTP_READ_AHEAD_MAX"
    case httpUnreadBodyMax = "HTTP_UNREAD_BODY_MAX"
    case httpFirstByteTimeout = "HTTP_FIRST_BYTE_TIMEOUT"
    case httpHeaderTimeout = "HTTP_HEADER_TIMEOUT"
    case httpBodyTimeout = "HTTP_BODY_TIMEOUT"
    case httpBodyRateMin = "HTTP_BODY_RATE_MIN"
    case httpWriteTimeout = "HTTP_WRITE_TIMEOUT"
    case httpWriteRateMin = "HTTP_WRITE_RATE_MIN"
    case httpIdleTimeout = "HTTP_IDLE_TIMEOUT"
    case httpLingerTimeout = "HTTP_LINGER_TIMEOUT"
    case httpConnectionsMax = "HTTP_CONNECTIONS_MAX"
    case httpConnectionsPerAddressMax = "HTTP_CONNECTIONS_PER_ADDRESS_MAX"
    case httpConnectionRequestsMax = "HTTP_CONNECTION_REQUESTS_MAX"
    case httpConnectionAgeMax = "HTTP_CONNECTION_AGE_MAX"
    case httpBacklog = "HTTP_BACKLOG"

    /// Whether its value is never shown, and may come as ``fileVariant`` too.
    package var isSecret: Bool { Self.secrets.contains(self) }

    /// The variable that names a file with the value of this one; read for secrets only.
    package var fileVariant: String { rawValue + "_FILE" }

    private static let secrets: Set<VariableName> = [
        .databaseURL, .databaseDirectURL, .redisURL, .secretKey, .jwtSigningKeys,
        .bootstrapAdminPassword,
    ]

    /// Every name that may be set without a warning: those that are read, and the `_FILE` forms of
    /// secrets.
    static let accepted: [String] =
        allCases.map(\.rawValue) + allCases.filter(\.isSecret).map(\.fileVariant)
}
