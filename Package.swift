// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    // What the tests check at run time, and both sanitizers, the release need not check again: it
    // would be a twelfth of a request's instructions.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

/// A Swift target of this package; every one is compiled with the same settings.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// A C library of the system; a build without it names the Debian package that has it.
func library(_ name: String, pkgConfig: String?, package: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

/// The tests of one target, in `Tests/<name>Tests`.
func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies,
        swiftSettings: settings)
}

let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let lifecycle = Target.Dependency.product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let jwt = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let inMemoryTracing = Target.Dependency.product(
    name: "InMemoryTracing", package: "swift-distributed-tracing")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")

let package = Package(
    name: "user-management",
    products: [
        .executable(name: "user-management", targets: ["user-management"]),
        // What `scripts/fuzz` links with the fuzzer.
        .library(name: "Fuzzing", type: .static, targets: ["Fuzzing"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", exact: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
    ],
    targets: [
        // Layer 0: C headers and nothing else.
        .target(name: "CLinux"),
        library("CLibpq", pkgConfig: "libpq", package: "libpq-dev"),
        library("CIDN2", pkgConfig: "libidn2", package: "libidn2-dev"),
        library("CUnistring", pkgConfig: nil, package: "libunistring-dev"),
        library("CMalloc", pkgConfig: nil, package: "libc6-dev"),
        library("CArgon2", pkgConfig: "libargon2", package: "libargon2-dev"),
        library("CCrypt", pkgConfig: "libxcrypt", package: "libcrypt-dev"),
        library("CHiredis", pkgConfig: nil, package: "libhiredis-dev"),
        library("CZlib", pkgConfig: "zlib", package: "zlib1g-dev"),
        // Layer 1
        module("Ambient"),
        module("JSON", ["Ambient"]),
        module("HTTP", ["Ambient", httpTypes]),
        module("PrometheusMetrics"),
        // Layer 2
        module("Reactor", ["Ambient", "CLinux", "PrometheusMetrics"]),
        module("TextNormalization", ["CIDN2", "CUnistring"]),
        module("JSONLogging", ["Ambient", "CLinux", "JSON", log]),
        module("Gzip", ["CZlib"]),
        // Layer 3
        module("PasswordHashing", ["CArgon2", "CCrypt", crypto, cryptoExtras]),
        module(
            "HTTPServer", ["Ambient", "HTTP", "PrometheusMetrics", "Reactor", "CLinux", httpTypes]),
        module("Postgres", ["Ambient", "CLibpq", "PrometheusMetrics", "Reactor", log, tracing]),
        module("Redis", ["Ambient", "CHiredis", "HTTP", "PrometheusMetrics", "Reactor", log]),
        module("Routing", ["Ambient", "HTTP", "JSON", httpTypes]),
        module("Tokens", ["Ambient", "JSON", crypto, jwt]),
        module("TraceExport", ["Ambient", "HTTP", "JSON", "Reactor", log, tracing]),
        // Layer 4
        module(
            "RateLimiting",
            ["Ambient", "HTTP", "JSON", "PrometheusMetrics", "Routing", httpTypes]),
        module("Users", ["Ambient", "JSON", "TextNormalization"]),
        // Layer 5
        module("Authentication", ["Ambient", "TextNormalization", "Users"]),
        module(
            "UsersHTTP",
            [
                "Ambient", "HTTP", "JSON", "RateLimiting", "Routing", "Tokens", "Users", httpTypes,
            ]),
        module("UsersPostgres", ["Users", "Postgres", "Reactor", "Ambient"]),
        module("Health", ["Ambient", "Routing", "HTTP", "JSON", "Reactor", httpTypes, tracing]),
        module("Documents", ["Ambient", "Gzip", "Routing", "HTTP", "JSON", "Reactor", httpTypes]),
        module(
            "Middleware",
            [
                "Ambient", "Gzip", "HTTP", "JSONLogging", "PrometheusMetrics", "Reactor", "Routing",
                "TraceExport", httpTypes, tracing,
            ]),
        module("Migrations", ["Ambient", "Postgres"]),
        module(
            "Monitoring",
            ["CMalloc", "Gzip", "HTTP", "PrometheusMetrics", "Reactor", "Routing", httpTypes]),
        module("RateLimitingRedis", ["Ambient", "HTTP", "RateLimiting", "Redis"]),
        module(
            "UsersRedis", ["Ambient", "JSON", "PrometheusMetrics", "Reactor", "Redis", "Users"]),
        // Layer 6
        module(
            "AuthenticationHTTP",
            [
                "Ambient", "Authentication", "HTTP", "JSON", "RateLimiting", "Reactor", "Routing",
                "Users", "UsersHTTP", httpTypes,
            ]),
        module(
            "AuthenticationPostgres",
            ["Ambient", "Authentication", "Postgres", "Users", "UsersPostgres"]),
        // Layer 7: all of them.
        module(
            "App",
            [
                "Ambient", "Authentication", "AuthenticationHTTP", "AuthenticationPostgres",
                "Documents", "Gzip", "HTTP", "HTTPServer", "Health", "JSONLogging", "Middleware",
                "Migrations", "Monitoring", "PasswordHashing", "Postgres", "PrometheusMetrics",
                "RateLimiting", "RateLimitingRedis", "Reactor", "Redis", "Routing", "Tokens",
                "TraceExport", "Users", "UsersHTTP", "UsersPostgres", "UsersRedis", log, lifecycle,
                httpTypes, tracing,
            ]),
        // Layer 8
        .executableTarget(
            name: "user-management",
            dependencies: [
                "App", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: settings),
        // What is released stands above; this is for Benchmarks/instructions.
        .executableTarget(
            name: "operations",
            dependencies: [
                "Ambient", "HTTP", "JSONLogging", "PrometheusMetrics", "RateLimiting",
                "Routing", "Users", "UsersHTTP", "UsersTesting", httpTypes,
            ], path: "Benchmarks/Operations", swiftSettings: settings),
        // What tests share.
        .target(
            name: "AuthenticationTesting", dependencies: ["Ambient", "Authentication", "Users"],
            path: "Tests/AuthenticationTesting", swiftSettings: settings),
        .target(
            name: "Fuzzing",
            dependencies: [
                "Ambient", "HTTP", "JSON", "Migrations", "Redis", "TextNormalization", "Tokens",
                "Users", "UsersHTTP", "UsersRedis", crypto, httpTypes,
            ], path: "Tests/Fuzzing", exclude: ["Corpus", "tokens.dict"], swiftSettings: settings),
        .target(
            name: "HTTPTesting", dependencies: ["Ambient", "HTTP", "JSON", "Reactor", "Routing"],
            path: "Tests/HTTPTesting",
            swiftSettings: settings),
        .target(
            name: "LogTesting", dependencies: [log], path: "Tests/LogTesting",
            swiftSettings: settings),
        .target(
            name: "MetricsTesting", dependencies: ["PrometheusMetrics"],
            path: "Tests/MetricsTesting", swiftSettings: settings),
        .target(
            name: "PostgresTesting",
            dependencies: ["Migrations", "Postgres", "Reactor", "ThreadTesting"],
            path: "Tests/PostgresTesting", swiftSettings: settings),
        .target(name: "RandomTesting", path: "Tests/RandomTesting", swiftSettings: settings),
        .target(
            name: "RedisTesting",
            dependencies: ["LogTesting", "PrometheusMetrics", "Reactor", "Redis", "ThreadTesting"],
            path: "Tests/RedisTesting", swiftSettings: settings),
        .target(
            name: "ThreadTesting", path: "Tests/ThreadTesting", swiftSettings: settings),
        .target(
            name: "UsersTesting", dependencies: ["Ambient", "Users"],
            path: "Tests/UsersTesting", swiftSettings: settings),
        // Tests
        .testTarget(name: "ArchitectureTests", swiftSettings: settings),
        tests(of: "Ambient"),
        tests(of: "JSON", ["Ambient"]),
        tests(of: "Fuzzing"),
        tests(of: "HTTP", ["HTTPTesting", "RandomTesting", httpTypes]),
        tests(of: "PrometheusMetrics", ["MetricsTesting"]),
        tests(of: "Reactor", ["Ambient", "MetricsTesting", "PrometheusMetrics", "RandomTesting"]),
        tests(of: "TextNormalization"),
        tests(of: "JSONLogging", ["Ambient", "CLinux", "JSON", log]),
        tests(of: "Gzip", ["CZlib"]),
        tests(of: "PasswordHashing", ["RandomTesting"]),
        tests(of: "Tokens", ["Ambient", "JSON", crypto]),
        tests(
            of: "TraceExport",
            ["Ambient", "HTTP", "HTTPTesting", "JSON", "LogTesting", "ThreadTesting", tracing]),
        tests(
            of: "Postgres",
            [
                "HTTPTesting", "PostgresTesting", "Ambient", "LogTesting", "MetricsTesting",
                "PrometheusMetrics", "RandomTesting", "Reactor", log, tracing, inMemoryTracing,
            ]),
        tests(of: "Redis", ["Ambient", "LogTesting", "RedisTesting"]),
        tests(of: "Users", ["Ambient", "JSON", "UsersTesting"]),
        tests(of: "Authentication", ["Ambient", "AuthenticationTesting", "Users", "UsersTesting"]),
        tests(
            of: "AuthenticationHTTP",
            [
                "Ambient", "Authentication", "AuthenticationTesting", "HTTP", "HTTPTesting",
                "JSON", "Reactor", "Routing", "Tokens", "Users", "UsersHTTP", "UsersTesting",
                httpTypes,
            ]),
        tests(
            of: "AuthenticationPostgres",
            [
                "Ambient", "Authentication", "AuthenticationTesting", "HTTPTesting", "Migrations",
                "Postgres", "PostgresTesting", "Reactor", "Users", "UsersPostgres", log,
            ]),
        tests(of: "Migrations", ["Postgres", "PostgresTesting"]),
        tests(of: "Routing", ["HTTP", "HTTPTesting", httpTypes]),
        tests(
            of: "HTTPServer",
            [
                "Ambient", "HTTP", "HTTPTesting", "MetricsTesting", "PrometheusMetrics", "Reactor",
                "Routing", httpTypes,
            ]),
        tests(
            of: "Middleware",
            [
                "Ambient", "Gzip", "HTTP", "HTTPTesting", "JSONLogging", "MetricsTesting",
                "PrometheusMetrics", "Reactor", "Routing", "TraceExport", httpTypes, tracing,
            ]),
        tests(
            of: "RateLimiting",
            [
                "Ambient", "Documents", "HTTP", "HTTPTesting", "JSON", "MetricsTesting",
                "PrometheusMetrics", "Routing", httpTypes,
            ]),
        tests(
            of: "Health",
            ["Ambient", "HTTP", "HTTPTesting", "Reactor", "Routing", httpTypes, tracing]),
        tests(
            of: "RateLimitingRedis",
            ["Ambient", "HTTP", "LogTesting", "RateLimiting", "Reactor", "Redis", "RedisTesting"]),
        tests(
            of: "UsersRedis",
            [
                "Ambient", "PrometheusMetrics", "Reactor", "Redis", "RedisTesting", "Users",
                "UsersTesting",
            ]),
        tests(
            of: "Monitoring",
            ["HTTP", "HTTPTesting", "PrometheusMetrics", "Reactor", "Routing", httpTypes]),
        tests(
            of: "Documents",
            ["Gzip", "HTTP", "HTTPTesting", "JSON", "Reactor", "Routing", httpTypes]),
        tests(
            of: "UsersHTTP",
            [
                "Ambient", "HTTP", "HTTPTesting", "JSON", "Routing", "Tokens", "Users",
                "UsersTesting", httpTypes,
            ]),
        tests(
            of: "UsersPostgres",
            [
                "Ambient", "JSON", "Postgres", "PostgresTesting", "Reactor", "Users",
                "UsersTesting", log, tracing, inMemoryTracing,
            ]),
        tests(
            of: "App",
            [
                "Ambient", "Authentication", "Gzip", "HTTP", "HTTPServer", "HTTPTesting", "JSON",
                "JSONLogging", "MetricsTesting", "Migrations", "Postgres", "PostgresTesting",
                "PrometheusMetrics", "RandomTesting", "RateLimiting", "Reactor", "RedisTesting",
                "Routing", "Tokens",
                "TraceExport",
                "Users", "UsersHTTP", "user-management", crypto, log, lifecycle, httpTypes,
            ]),
    ]
)
