import Glibc
import Testing

@testable import App

@Suite("The environment")
struct EnvironmentTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var process: [String: String] = [:]
        var file = ""
        var files: [String: String] = [:]
        let expected: Result<String?, ConfigurationFault>
    }

    @Test(arguments: [
        Case(testDescription: "not set", expected: .success(nil)),
        Case(testDescription: "process", process: ["HOST": "a"], expected: .success("a")),
        Case(testDescription: "file", file: "HOST=b", expected: .success("b")),
        Case(
            testDescription: "the process goes before the file",
            process: ["HOST": "a"], file: "HOST=b", expected: .success("a")),
        Case(
            testDescription: "empty is not set", process: ["HOST": ""], file: "HOST=",
            expected: .success(nil)),
        Case(
            testDescription: "an empty variable does not hide the file's",
            process: ["HOST": ""], file: "HOST=b", expected: .success("b")),
        Case(
            testDescription: "no secret, so no file", process: ["HOST_FILE": "/host"],
            files: ["/host": "c"], expected: .success(nil)),
    ])
    func `plain variables`(_ given: Case) {
        let environment = Environment.test(given.process, file: given.file, files: given.files)
        #expect(.success(environment.value(of: .host)) == given.expected)
    }

    @Test(arguments: [
        Case(testDescription: "not set", expected: .success(nil)),
        Case(testDescription: "process", process: ["DATABASE_URL": "a"], expected: .success("a")),
        Case(testDescription: ".env", file: "DATABASE_URL=b", expected: .success("b")),
        Case(
            testDescription: "a file of its own", process: ["DATABASE_URL_FILE": "/url"],
            files: ["/url": "c"], expected: .success("c")),
        Case(
            testDescription: "a file of its own, named in .env", file: "DATABASE_URL_FILE=/url",
            files: ["/url": "c"], expected: .success("c")),
        Case(
            testDescription: "one line break at the end is dropped",
            process: ["DATABASE_URL_FILE": "/url"], files: ["/url": "c\n\n"],
            expected: .success("c\n")),
        Case(
            testDescription: "CR LF is one line break",
            process: ["DATABASE_URL_FILE": "/url"], files: ["/url": "c\r\n"],
            expected: .success("c")),
        Case(
            testDescription: "spaces belong to the secret",
            process: ["DATABASE_URL_FILE": "/url"], files: ["/url": " c \n"],
            expected: .success(" c ")),
        Case(
            testDescription: "the process goes before .env, in either form",
            process: ["DATABASE_URL_FILE": "/url"], file: "DATABASE_URL=b",
            files: ["/url": "c"], expected: .success("c")),
        Case(
            testDescription: "an empty variable beside the file is not set",
            process: ["DATABASE_URL": "", "DATABASE_URL_FILE": "/url"], files: ["/url": "c"],
            expected: .success("c")),
        Case(
            testDescription: "both forms at once",
            process: ["DATABASE_URL": "a", "DATABASE_URL_FILE": "/url"], files: ["/url": "c"],
            expected: .failure(.givenTwice(name: "DATABASE_URL"))),
        Case(
            testDescription: "no such file", process: ["DATABASE_URL_FILE": "/url"],
            expected: .failure(unreadable(.notFound))),
        Case(
            testDescription: "an empty file", process: ["DATABASE_URL_FILE": "/url"],
            files: ["/url": "\n"], expected: .failure(unreadable(.empty))),
        Case(
            testDescription: "a NUL in the file", process: ["DATABASE_URL_FILE": "/url"],
            files: ["/url": "a\u{0}b"], expected: .failure(unreadable(.notText))),
        Case(
            testDescription: "a file too large", process: ["DATABASE_URL_FILE": "/url"],
            files: ["/url": String(repeating: "c", count: 64 * 1024 + 1)],
            expected: .failure(unreadable(.tooLarge(octetsMax: 64 * 1024)))),
    ])
    func secrets(_ given: Case) {
        let environment = Environment.test(given.process, file: given.file, files: given.files)
        let result = Result { () throws(ConfigurationFault) in
            try environment.secret(of: .databaseURL)
        }
        #expect(result == given.expected)
    }

    @Test func `the variables of the process are those of getenv`() throws {
        let path = try #require(getenv("PATH"))
        let environment = Environment.ofProcess(file: "/no/such/file")
        #expect(environment.names.contains("PATH"))
        #expect(environment.names == environment.names.sorted())
        #expect(!String(cString: path).isEmpty)
    }

    @Test(arguments: [
        ("DATABASE_POOL", "DATABASE_POOL_SIZE"), ("DATABASE_ULR", "DATABASE_URL"),
        ("DATABASE_URL_FILES", "DATABASE_URL_FILE"), ("LOG_LEVL", "LOG_LEVEL"),
        ("LOG_LEVEL_FILE", "LOG_LEVEL"), ("HTTP_BODY_LIMIT", "HTTP_BODY_MAX"),
        ("SHUTDOWN_GRACE_PERIOD", "SHUTDOWN_GRACE"),
        ("RATE_LIMIT_REGISTER", "RATE_LIMIT_REGISTER_IP"),
        ("JWT_ISSUERS", "JWT_ISSUER"), ("PASSWORD_MINIMUM_LENGTH", "PASSWORD_MIN_LENGTH"),
    ])
    func `a name like a known one is told with the nearest`(name: String, nearest: String) {
        for environment in [Environment.test([name: "x"]), .test(file: "\(name)=x")] {
            #expect(
                environment.unknownVariables == [UnknownVariable(name: name, nearest: nearest)])
        }
    }

    @Test(arguments: [
        "PATH", "HOME", "HOSTNAME", "_", "PG_HOST", "port", "database_url",
        "DATABASE_SERVICE_HOST", "DATABASE_SERVICE_PORT", "DATABASE_SERVICE_PORT_POSTGRES",
        "DATABASE_PORT", "DATABASE_PORT_5432_TCP", "DATABASE_PORT_5432_TCP_ADDR", "LOG_PORT",
        "HTTP_PROXY", "HTTPS_PROXY", "OTEL_SDK_DISABLED", "OTEL_EXPORTER_OTLP_HEADERS",
    ])
    func `a name that others put there is not told`(_ name: String) {
        #expect(Environment.test([name: "x"]).unknownVariables == [])
    }

    @Test(arguments: VariableName.accepted)
    func `a known name is not told`(_ name: String) {
        #expect(Environment.test([name: "x"]).unknownVariables == [])
    }

    @Test func `an unknown variable without a value is not told`() {
        #expect(Environment.test(["DATABASE_POOL": ""]).unknownVariables == [])
    }

    @Test func `a warning names both`() {
        #expect(
            Environment.test(["LOG_LEVL": "x"]).unknownVariables.map(\.description) == [
                "LOG_LEVL is set, but no such variable is read; "
                    + "the nearest known name is LOG_LEVEL"
            ])
    }

    private static func unreadable(_ reason: FileReadError) -> ConfigurationFault {
        .unreadableSecret(name: "DATABASE_URL_FILE", path: "/url", reason: reason)
    }
}
