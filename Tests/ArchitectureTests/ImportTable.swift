/// What the targets below `Sources` may import: the table that decides which way arrows point.
struct ImportTable: Sendable {
    struct Row: Sendable {
        let layer: Int
        let target: String
        /// Targets of this package, each of a lower layer.
        let targets: Set<String>
        /// Modules of other packages and of the system.
        let others: Set<String>
    }

    let rows: [Row]

    static let current = ImportTable(rows: [
        Row(8, "user-management", ["App"], others: ["ArgumentParser", "Glibc"]),

        Row(
            7, "App",
            [
                "Ambient", "Authentication", "AuthenticationHTTP", "AuthenticationPostgres",
                "Documents", "Gzip", "HTTP", "HTTPServer", "Health", "JSONLogging",
                "Middleware", "Migrations", "Monitoring", "PasswordHashing", "Postgres",
                "PrometheusMetrics", "RateLimiting", "RateLimitingRedis", "Reactor", "Redis",
                "Routing", "Tokens", "TraceExport", "Users", "UsersHTTP", "UsersPostgres",
                "UsersRedis",
            ],
            others: [
                "Glibc", "HTTPTypes", "Logging", "ServiceLifecycle", "Synchronization",
                "Tracing",
            ]),

        Row(
            6, "AuthenticationHTTP",
            [
                "Ambient", "Authentication", "HTTP", "JSON", "RateLimiting", "Reactor", "Routing",
                "Users", "UsersHTTP",
            ], others: ["HTTPTypes"]),
        Row(
            6, "AuthenticationPostgres",
            ["Ambient", "Authentication", "Postgres", "Users", "UsersPostgres"]),

        Row(5, "Authentication", ["Ambient", "TextNormalization", "Users"]),
        Row(
            5, "UsersHTTP",
            ["Ambient", "HTTP", "JSON", "RateLimiting", "Routing", "Tokens", "Users"],
            others: ["HTTPTypes"]),
        Row(
            5, "UsersPostgres", ["Ambient", "Postgres", "Reactor", "Users"],
            others: ["Synchronization"]),
        Row(
            5, "Health", ["Ambient", "HTTP", "JSON", "Reactor", "Routing"],
            others: ["HTTPTypes", "Synchronization", "Tracing"]),
        Row(
            5, "Documents", ["Ambient", "Gzip", "HTTP", "JSON", "Reactor", "Routing"],
            others: ["HTTPTypes", "Synchronization"]),
        Row(
            5, "Middleware",
            [
                "Ambient", "Gzip", "HTTP", "JSONLogging", "PrometheusMetrics", "Reactor", "Routing",
                "TraceExport",
            ],
            others: ["HTTPTypes", "Synchronization", "Tracing"]),
        Row(5, "RateLimitingRedis", ["Ambient", "HTTP", "RateLimiting", "Redis"]),
        Row(
            5, "UsersRedis",
            ["Ambient", "JSON", "PrometheusMetrics", "Reactor", "Redis", "Users"]),
        Row(5, "Migrations", ["Ambient", "Postgres"], others: ["Glibc"]),
        Row(
            5, "Monitoring",
            ["CMalloc", "Gzip", "HTTP", "PrometheusMetrics", "Reactor", "Routing"],
            others: ["Glibc", "HTTPTypes"]),

        Row(
            4, "RateLimiting", ["Ambient", "HTTP", "JSON", "PrometheusMetrics", "Routing"],
            others: ["HTTPTypes", "Synchronization"]),
        Row(4, "Users", ["Ambient", "JSON", "TextNormalization"]),

        Row(
            3, "PasswordHashing", ["CArgon2", "CCrypt"],
            others: ["Crypto", "CryptoExtras", "Glibc", "Synchronization"]),
        Row(
            3, "HTTPServer", ["Ambient", "CLinux", "HTTP", "PrometheusMetrics", "Reactor"],
            others: ["Glibc", "HTTPTypes"]),
        Row(
            3, "Postgres", ["Ambient", "CLibpq", "PrometheusMetrics", "Reactor"],
            others: ["Glibc", "Logging", "Synchronization", "Tracing"]),
        Row(
            3, "Redis", ["Ambient", "CHiredis", "HTTP", "PrometheusMetrics", "Reactor"],
            others: ["Glibc", "Logging"]),
        Row(3, "Routing", ["Ambient", "HTTP", "JSON"], others: ["HTTPTypes"]),
        Row(3, "Tokens", ["Ambient", "JSON"], others: ["Crypto", "JWTKit"]),
        Row(
            3, "TraceExport", ["Ambient", "HTTP", "JSON", "Reactor"],
            others: ["Glibc", "Logging", "Synchronization", "Tracing"]),

        Row(
            2, "Reactor", ["Ambient", "CLinux", "PrometheusMetrics"],
            others: ["Glibc", "Synchronization"]),
        Row(2, "TextNormalization", ["CIDN2", "CUnistring"], others: ["Glibc"]),
        Row(
            2, "JSONLogging", ["Ambient", "CLinux", "JSON"],
            others: ["Glibc", "Logging", "Synchronization"]),
        Row(2, "Gzip", ["CZlib"]),

        Row(1, "HTTP", ["Ambient"], others: ["HTTPTypes"]),
        Row(1, "JSON", ["Ambient"]),
        Row(1, "PrometheusMetrics", others: ["Synchronization"]),

        Row(0, "Ambient", others: ["Glibc", "Synchronization"]),
        Row(0, "CArgon2"),
        Row(0, "CCrypt"),
        Row(0, "CHiredis"),
        Row(0, "CIDN2"),
        Row(0, "CLibpq"),
        Row(0, "CLinux"),
        Row(0, "CMalloc"),
        Row(0, "CUnistring"),
        Row(0, "CZlib"),
    ])

    /// The imports of a file that its target's row does not allow.
    func findings(in file: SourceFile) -> [Finding] {
        guard file.tree == "Sources", let row = row(of: String(file.target)) else { return [] }
        let allowed = row.targets.union(row.others)
        return file.lines.compactMap { line in
            guard let module = importedModule(line), !allowed.contains(module) else { return nil }
            return file.finding(line, "\(row.target) may not import \(module).")
        }
    }

    /// Arrows of the table that do not point to a lower layer.
    func risingArrows() -> [String] {
        rows.flatMap { row in
            row.targets.sorted()
                .filter { target in self.row(of: target).map { $0.layer >= row.layer } ?? true }
                .map { "\(row.target) -> \($0)" }
        }
    }

    /// Targets that stand in the table or in `Sources` and not in both.
    func strangers(among folders: Set<String>) -> [String] {
        folders.symmetricDifference(rows.map(\.target)).sorted()
    }

    /// Every module that a target imports.
    func imports(of target: String) -> Set<String> {
        row(of: target).map { $0.targets.union($0.others) } ?? []
    }

    /// Every module that a target has below it, directly or through others.
    func reach(of target: String) -> Set<String> {
        guard let row = row(of: target) else { return [] }
        return row.targets.reduce(row.others.union(row.targets)) { $0.union(reach(of: $1)) }
    }

    private func row(of target: String) -> Row? { rows.first { $0.target == target } }

    private func importedModule(_ line: SourceFile.Line) -> String? {
        guard let declaration = Declaration(line.code), declaration.keyword == "import" else {
            return nil
        }
        // What is imported from a module may be named: `import struct HTTPTypes.HTTPField`.
        let words = declaration.rest.split(separator: " ")
        return words.last.map { String($0.prefix { $0 != "." }) }
    }
}

extension ImportTable.Row {
    init(_ layer: Int, _ target: String, _ targets: Set<String> = [], others: Set<String> = []) {
        self.init(layer: layer, target: target, targets: targets, others: others)
    }
}
