package import HTTP
import HTTPTypes
import JSON
package import Routing

/// `/health`, `/health/live` and `/health/ready`, docs/api.md.
package struct HealthEndpoint: Endpoint {
    /// Which of the three.
    package enum Kind: Sendable {
        /// Whether the process serves, with what it knows of the database.
        case overview
        /// Whether the process serves.
        case live
        /// Whether requests should be sent here.
        case ready
    }

    private let kind: Kind
    private let database: DatabaseMonitor
    private let serving: ServingState

    /// Makes one of the three.
    package init(_ kind: Kind, database: DatabaseMonitor, serving: ServingState) {
        self.kind = kind
        self.database = database
        self.serving = serving
    }

    /// Answers 200, or 503 where probes are to notice.
    package func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        if kind == .live { return Self.live }
        let report = await database.report()
        let isDraining = serving.isDraining
        let isRefused = isDraining || (kind == .ready && !report.isReady)
        return Self.response(
            isRefused ? .serviceUnavailable : .ok, Self.body(report, isDraining: isDraining))
    }

    private static let live = response(.ok, Array(#"{"status":"ok"}"#.utf8))

    private static func response(_ status: HTTPResponse.Status, _ body: [UInt8]) -> Response {
        var response = Response(status: status, contentType: "application/json", body: body)
        response.fields.append(.cacheControl, "no-store")
        return response
    }

    private static func body(_ report: DatabaseReport, isDraining: Bool) -> [UInt8] {
        JSONWriter.object { body in
            body.member(
                "status", isDraining ? "draining" : report.isReady ? "ok" : "degraded")
            body.object("checks") { checks in
                checks.object("database") { database in
                    database.member("status", report.isUp ? "up" : "down")
                    if let latency = report.latency {
                        database.member("latency_ms", double: latency / .milliseconds(1))
                    }
                }
                checks.object("schema") { schema in
                    schema.member("status", report.schema?.status.rawValue ?? "unknown")
                    if let known = report.schema {
                        schema.member("applied", known.applied)
                        schema.member("required", known.required)
                    }
                }
                checks.object("encoding") { encoding in
                    encoding.member(
                        "status", report.isUTF8.map { $0 ? "utf8" : "unsupported" } ?? "unknown")
                }
            }
        }
    }
}
