import Ambient
import Glibc
import HTTPTesting
import JSON
import JSONLogging
import Logging
import Postgres
import PostgresTesting
import PrometheusMetrics
import Reactor
import Routing
import ServiceLifecycle
import Testing

@testable import App

/// The service as it is in production, on a port that the kernel chose.
struct TestApplication: TestPeer {
    let port: Int
    /// The port that `/metrics` has for itself, if it has one.
    let metricsPort: Int?
    /// The loops that clients are served on.
    let loops: EventLoopGroup
    /// All that it counts.
    let metrics: MetricsRegistry
    /// The table of its router.
    let routes: [RouteDeclaration]
    let administrator: AdministratorToken?
    private let group: ServiceGroup

    fileprivate init(_ application: Application, hasAdministrator: Bool, group: ServiceGroup) {
        port = application.port
        metricsPort = application.metricsPort
        loops = application.loops
        metrics = application.metrics
        routes = application.routes
        administrator = hasAdministrator ? AdministratorToken(port: application.port) : nil
        self.group = group
    }

    /// Begins to stop, as SIGTERM does.
    func stop() async { await group.triggerGracefulShutdown() }
}

extension FaultProxy {
    /// Starts a proxy to the server of `database`.
    convenience init(to database: TestDatabase) throws {
        let host = database.url.keywords.first { $0.name == "host" }?.value
        try self.init(serverFolder: #require(host))
    }
}

extension TestDatabase {
    /// The database's address with a proxy before its server.
    func connectionString(through proxy: FaultProxy) -> String {
        connectionString + " host='\(proxy.folder)'"
    }
}

/// A request as octets: JSON with its type and length, unless a field says otherwise.
func requestText(_ line: String, _ json: String? = nil, fields: [String] = []) -> String {
    var lines = ["\(line) HTTP/1.1", "Host: localhost"] + fields
    if let json {
        if !fields.contains(where: { $0.hasPrefix("Content-Type") }) {
            lines.append("Content-Type: application/json")
        }
        lines.append("Content-Length: \(json.utf8.count)")
    }
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + (json ?? "")
}

extension RawResponse {
    /// The body as a JSON object; empty if it is none.
    var object: JSONObject {
        guard case .object(let object) = try? JSONParser.parse(body.span) else {
            return JSONObject()
        }
        return object
    }

    /// A member of the body that is a string.
    func string(_ name: String) -> String? {
        guard case .string(let text) = object[name] else { return nil }
        return text
    }
}

/// Runs `body` with the service on a fresh database with every migration and an administrator.
func withApplication(
    _ variables: [String: String] = [:],
    _ body: (TestApplication, TestDatabase) async throws -> Void
) async throws {
    try await withTestDatabase { database in
        try await withApplication(on: database, variables) { try await body($0, database) }
    }
}

/// Runs `body` with the service on `database`, which has every migration, and an administrator from
/// now on; with a proxy before the database if there is one.
func withApplication(
    on database: TestDatabase, through proxy: FaultProxy? = nil,
    _ variables: [String: String] = [:],
    logDescriptor: CInt? = nil, _ body: (TestApplication) async throws -> Void
) async throws {
    try database.addAdministrator()
    let address = proxy.map(database.connectionString(through:)) ?? database.connectionString
    try await withApplication(
        at: address, variables, hasAdministrator: true, logDescriptor: logDescriptor, body)
}

/// Runs `body` with the service on a fresh database that has seen no migration.
func withEmptyApplication(_ body: (TestApplication) async throws -> Void) async throws {
    try await withEmptyDatabase { database in
        try await withApplication(at: database.connectionString) { try await body($0) }
    }
}

/// Runs `body` with the service on the database at `address`; its log goes to `logDescriptor`.
func withApplication(
    at address: String, _ variables: [String: String] = [:], hasAdministrator: Bool = false,
    logDescriptor: CInt? = nil, _ body: (TestApplication) async throws -> Void
) async throws {
    var process = [
        "DATABASE_URL": address, "HOST": "127.0.0.1", "PORT": "0", "EVENT_LOOPS": "2",
        "SHUTDOWN_DELAY": "0s", "SHUTDOWN_GRACE": "10s", "RATE_LIMIT_ENABLED": "false",
        // A machine that is busy with other things is slow.
        "DATABASE_ACQUIRE_TIMEOUT": "60s", "DATABASE_STATEMENT_TIMEOUT": "60s",
    ]
    process.merge(variables) { _, given in given }
    let configuration = try ServiceConfiguration(
        from: Environment(process: process, file: .none, reader: .system))
    let output = logDescriptor ?? open("/dev/null", O_WRONLY | O_CLOEXEC)
    let sink = try LogSink(
        descriptor: output, style: LogStyle(format: .json), clock: .system)
    let logger = Logger(label: "test") { _ in
        JSONLogHandler(
            sink: sink, level: .info, clock: .system, metadataProvider: .traceIDs)
    }
    let application = try Application(configuration, logger: logger, sink: sink)
    let group = ServiceGroup(
        services: [application], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let running = Task { try await group.run() }
    let result: Result<Void, any Error>
    do {
        let tested = TestApplication(
            application, hasAdministrator: hasAdministrator, group: group)
        result = .success(try await body(tested))
    } catch {
        result = .failure(error)
    }
    await group.triggerGracefulShutdown()
    try await running.value
    sink.close(within: .seconds(5))
    if logDescriptor == nil { close(output) }
    try result.get()
}

/// Runs `body` with the service and a proxy before its database, for which it does not wait long.
func withProxiedApplication(
    _ variables: [String: String] = [
        "DATABASE_ACQUIRE_TIMEOUT": "300ms", "DATABASE_STATEMENT_TIMEOUT": "500ms",
    ], _ prepare: (FaultProxy) -> Void,
    _ body: (TestApplication, FaultProxy, TestDatabase) async throws -> Void
) async throws {
    try await withTestDatabase { database in
        let proxy = try FaultProxy(to: database)
        defer { proxy.close() }
        prepare(proxy)
        try await withApplication(on: database, through: proxy, variables) {
            try await body($0, proxy, database)
        }
    }
}

/// Runs `body` with the service on a fresh database and returns the lines that it has logged.
func logOfApplication(
    _ variables: [String: String] = [:], _ body: (TestApplication) async throws -> Void
) async throws -> [String] {
    try await logOfApplication(variables) { application, _ in try await body(application) }
}

/// Runs `body` with the service on a fresh database and returns the lines that it has logged.
func logOfApplication(
    _ variables: [String: String], _ body: (TestApplication, TestDatabase) async throws -> Void
) async throws -> [String] {
    var ends: [CInt] = [-1, -1]
    let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    try #require(socketpair(AF_UNIX, type, 0, &ends) == 0)
    defer { close(ends[0]) }
    do {
        defer { close(ends[1]) }
        try await withTestDatabase { database in
            try await withApplication(on: database, variables, logDescriptor: ends[1]) {
                try await body($0, database)
            }
        }
    }
    var octets: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = read(ends[0], &chunk, chunk.count), count > 0 {
        octets += chunk[..<count]
    }
    return String(decoding: octets, as: UTF8.self).split(separator: "\n").map(String.init)
}
