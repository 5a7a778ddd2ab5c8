import HTTP
import JSONLogging
import Logging
import Testing

@testable import App

@Suite("The service's configuration")
struct ServiceConfigurationTests {
    @Test func `with the address of the database alone, everything has its default`() throws {
        let configuration = try ServiceConfiguration(from: .test(["DATABASE_URL": "url"]))
        #expect(configuration.listen.host == "0.0.0.0")
        #expect(configuration.listen.port == 8000)
        #expect(configuration.metricsPort == nil)
        #expect(configuration.eventLoops == nil)
        #expect(configuration.database.url == Secret("url"))
        #expect(configuration.database.directURL == Secret("url"))
        #expect(configuration.database.preparesStatements && configuration.database.batchesWrites)
        #expect(configuration.database.pool.size == 20 && configuration.database.pool.min == 1)
        #expect(configuration.database.pool.waitersMax == 1024)
        #expect(configuration.database.pool.idleTimeout == .seconds(600))
        #expect(configuration.database.pool.lifetime == .seconds(3600))
        #expect(configuration.database.pool.idleInTransactionTimeout == .seconds(10))
        #expect(configuration.accounts.passwordLengthMin == 15)
        #expect(configuration.accounts.isRegistrationEnabled)
        #expect(!configuration.accounts.requiresIfMatch)
        #expect(configuration.logging.level == .info)
        #expect(configuration.logging.format == .json)
        #expect(configuration.logging.accessLog == .all)
        #expect(configuration.logging.sampling == AccessSampling(oneOf: 1, slowFrom: .seconds(1)))
        #expect(!configuration.logging.tellsClients)
        #expect(configuration.shutdown.delay == .seconds(5))
        #expect(configuration.shutdown.grace == .seconds(20))
        #expect(configuration.http.message.bodyMax == 1 << 20)
        #expect(configuration.http.patience.idleTimeout == .seconds(75))
        #expect(configuration.http.connections.max == 16_384)
    }

    @Test func `values come from the process, the file and secrets' files`() throws {
        let configuration = try ServiceConfiguration(
            from: .test(
                ["PORT": "0", "DATABASE_URL_FILE": "/run/secrets/url", "EVENT_LOOPS": "2"],
                file: """
                    PORT=9000
                    LOG_LEVEL=WARNING
                    LOG_CLIENT_ADDRESS=true
                    ACCESS_LOG_SAMPLE=100
                    ACCESS_LOG_SLOW=250ms
                    HTTP_BODY_MAX=64KiB
                    SHUTDOWN_DELAY=0s
                    """,
                files: ["/run/secrets/url": "postgresql:///users\n"]))
        #expect(configuration.listen.port == 0)
        #expect(configuration.eventLoops == 2)
        #expect(configuration.database.url.rawValue == "postgresql:///users")
        #expect(configuration.logging.level == .warning)
        #expect(configuration.logging.tellsClients)
        #expect(
            configuration.logging.sampling
                == AccessSampling(oneOf: 100, slowFrom: .milliseconds(250)))
        #expect(configuration.http.message.bodyMax == 65_536)
        #expect(configuration.shutdown.delay == .zero)
    }

    @Test(arguments: [("9000", 9000), ("0", 0), ("", nil)])
    func `metrics may have a port of their own`(_ value: String, _ port: Int?) throws {
        let configuration = try ServiceConfiguration(
            from: .test(["DATABASE_URL": "url", "METRICS_PORT": value, "PORT": "8001"]))
        #expect(configuration.metricsPort == port)
    }

    @Test func `proxies that are trusted are networks, and none if nothing is said`() throws {
        func proxies(_ text: String?) throws -> [AddressRange] {
            let variables = text.map { ["TRUSTED_PROXIES": $0] } ?? [:]
            return try ConfigurationReader.read(from: .test(variables)) {
                $0.networks(.trustedProxies)
            }
        }
        let networks = ["10.0.0.0/8", "fd00::/8"].compactMap(AddressRange.init(parsing:))
        #expect(try proxies(nil) == [] && networks.count == 2)
        for text in ["10.0.0.0/8,fd00::/8", "10.0.0.0/8, fd00::/8 ", "10.0.0.0/8 fd00::/8"] {
            #expect(try proxies(text) == networks)
        }
        for text in ["10.0.0.1", "private", "*", "10.0.0.0/8;fd00::/8", "10.0.0.1/8", ","] {
            let error = #expect(throws: InvalidConfiguration.self) { try proxies(text) }
            #expect(
                error?.description == "TRUSTED_PROXIES: \"\(text)\" is refused: expected networks "
                    + "such as 10.0.0.0/8 or fd00::/8, with commas")
        }
    }

    @Test(arguments: ["8001", "65536", "-1", "x"])
    func `that port is one, and not the service's`(_ value: String) {
        let error = #expect(throws: InvalidConfiguration.self) {
            try ServiceConfiguration(
                from: .test(["DATABASE_URL": "url", "METRICS_PORT": value, "PORT": "8001"]))
        }
        #expect(
            error?.description
                == "METRICS_PORT: \"\(value)\" is refused: expected a port from 0 to "
                + "65535 that is not PORT")
    }

    @Test func `all faults are told at once, the file's first`() {
        let environment = Environment.test(
            [
                "PORT": "65536", "DATABASE_POOL_SIZE": "0", "LOG_FORMAT": "xml",
                "SHUTDOWN_GRACE": "20", "DATABASE_URL_FILE": "/gone",
            ],
            file: "PORT 80\nHOST=localhost\nHOST=::1")
        let error = #expect(throws: InvalidConfiguration.self) {
            try ServiceConfiguration(from: environment)
        }
        #expect(
            error?.faults.map(\.description) == [
                ".env:1: expected NAME=value, a comment or a blank line",
                ".env:3: HOST is already set in line 2",
                #"PORT: "65536" is refused: expected a whole number from 0 to 65535"#,
                #"DATABASE_URL_FILE: cannot read "/gone": there is no such file"#,
                #"DATABASE_POOL_SIZE: "0" is refused: expected a whole number from 1 to 1000"#,
                #"LOG_FORMAT: "xml" is refused: expected one of json, text"#,
                #"SHUTDOWN_GRACE: "20" is refused: expected a duration from 0ms to 1h, "#
                    + "such as 250ms, 10s, 5m or 2h",
            ])
        #expect(error?.description.count { $0 == "\n" } == 6)
    }

    @Test func `a pooler's address and the database's may differ, in secrets' files too`() throws {
        let files = ["/direct": "postgresql://db/users\n"]
        for (name, value) in [
            ("DATABASE_DIRECT_URL", "postgresql://db/users"),
            ("DATABASE_DIRECT_URL_FILE", "/direct"),
        ] {
            let database = try ServiceConfiguration(
                from: .test(
                    [
                        "DATABASE_URL": "postgresql://pooler/users", name: value,
                        "DATABASE_PREPARED_STATEMENTS": "off",
                    ], files: files)
            ).database
            #expect(database.url.rawValue == "postgresql://pooler/users")
            #expect(database.directURL.rawValue == "postgresql://db/users")
            #expect(!database.preparesStatements)
        }
    }

    @Test func `a missing address of the database is a fault that says how to set it`() {
        let error = #expect(throws: InvalidConfiguration.self) {
            try ServiceConfiguration(from: .test(["DATABASE_URL": ""]))
        }
        #expect(
            error?.description
                == "DATABASE_URL is not set: set it to postgresql://user:password@host:5432/"
                + "database, or DATABASE_URL_FILE to a file that holds it")
    }

    @Test func `a probe needs no database`() throws {
        let listen = try ConfigurationReader.read(from: .test(["PORT": "9000"])) {
            ListenSettings(reading: &$0)
        }
        #expect(listen.port == 9000)
    }

    @Test(arguments: [(31, false), (32, true), (4096, true)])
    func `a secret key has 32 bytes or more, in whatever letters`(
        _ count: Int, _ isAccepted: Bool
    ) throws {
        let key = String(repeating: "ü", count: count / 2) + (count % 2 == 0 ? "" : "k")
        for files in [["SECRET_KEY_FILE": "/key"], ["SECRET_KEY": key]] {
            let environment = Environment.test(
                files.merging(["DATABASE_URL": "url"]) { $1 }, files: ["/key": key + "\n"])
            guard isAccepted else {
                let fault = ConfigurationFault.malformed(
                    name: "SECRET_KEY", given: nil, accepted: "a text of at least 32 bytes")
                #expect(throws: InvalidConfiguration(faults: [fault])) {
                    try ServiceConfiguration(from: environment)
                }
                continue
            }
            #expect(try ServiceConfiguration(from: environment).secretKey == Secret(key))
        }
        #expect(try ServiceConfiguration(from: .test(["DATABASE_URL": "url"])).secretKey == nil)
    }

    @Test func `a secret is in no description, dump or fault`() throws {
        let url = "postgresql://user:hunter2@db/users"
        let configuration = try ServiceConfiguration(
            from: .test([
                "DATABASE_URL": url, "DATABASE_DIRECT_URL": url + "?sslmode=require",
                "REDIS_URL": "redis://:hunter2@cache",
                "SECRET_KEY": "hunter2hunter2hunter2hunter2hunter2",
            ]))
        var dumped = ""
        dump(configuration, to: &dumped)
        let environment = Environment.test(
            [
                "DATABASE_URL": url, "DATABASE_URL_FILE": "/url", "PORT": "x",
                "SECRET_KEY": "hunter2",
            ],
            file: "DATABASE_URL='\(url)\nDATABASE_URL=\(url) 'x", files: ["/url": url])
        let error = #expect(throws: InvalidConfiguration.self) {
            try ServiceConfiguration(from: environment)
        }
        let faults = try #require(error?.faults)
        #expect(faults.count == 5)
        let texts = ["\(configuration)", String(reflecting: configuration), dumped]
        for text in texts + faults.map(\.description) {
            #expect(!text.contains("hunter2"))
        }
    }

    @Test func `every known name is read`() throws {
        let namesRead = try ConfigurationReader.read(from: .test(["DATABASE_URL": "url"])) {
            _ = ServiceConfiguration(reading: &$0)
            return $0.namesRead
        }
        #expect(namesRead == Set(VariableName.allCases))
    }
}
