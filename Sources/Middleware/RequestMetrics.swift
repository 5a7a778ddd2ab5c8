import HTTPTypes
package import PrometheusMetrics

/// Counts requests by what was asked and how it was answered: the families, for all loops.
package struct RequestMetrics: Sendable {
    /// What is told apart among methods.
    private static let methods: [HTTPRequest.Method] = [
        .get, .head, .post, .put, .patch, .delete, .options,
    ]

    private let requests: Counter<Int>
    private let durations: Histogram<Int>
    private let inFlight: Gauge<NoLabel>
    /// How many routes are told apart, and statuses, each with one more for all others.
    private let routeCount: Int
    private let statusCount: Int
    /// The position of each status among ``requests``' by its code.
    private let statusIndices: [UInt8]

    /// Declares the families in a registry.
    /// - Parameters:
    ///   - routes: The templates of routes, in the order of their numbers.
    ///   - statuses: The codes that answers have, in any order.
    package init(routes: [String], statuses: Set<Int>, in registry: MetricsRegistry) {
        let methods = Self.methods.map(\.rawValue) + ["other"]
        let routes = ["-"] + routes
        let statuses = statuses.sorted()
        precondition(statuses.count < 256, "There are \(statuses.count) statuses.")
        requests = Counter(
            "http_requests_total", "Requests that were answered.",
            by: .product(
                [
                    "method": methods, "route": routes,
                    "status": statuses.map(String.init) + ["other"],
                ],
                showsUnseen: false),
            in: registry)
        durations = Histogram(
            "http_request_duration_seconds",
            "Times from the first octet of a request to its answer.", unit: .seconds,
            bounds: .requests,
            by: .product(["method": methods, "route": routes], showsUnseen: false),
            in: registry)
        inFlight = Gauge(
            "http_requests_in_flight", "Requests that are being answered.", in: registry)
        routeCount = routes.count
        statusCount = statuses.count + 1
        var indices = [UInt8](repeating: UInt8(statuses.count), count: 600)
        for (index, status) in statuses.enumerated() { indices[status] = UInt8(index) }
        statusIndices = indices
    }

    /// A request begins to be answered.
    func began(on shard: MetricsShard) { inFlight.add(1, on: shard) }

    /// A request that began to be answered is answered no longer.
    func ended(on shard: MetricsShard) { inFlight.add(-1, on: shard) }

    /// An answer is there.
    /// - Parameters:
    ///   - method: nil for what was no request.
    ///   - route: The number of the route that answered; nil if none did.
    func answered(
        _ method: HTTPRequest.Method?, route: Int?, status: Int, after time: Duration,
        on shard: MetricsShard
    ) {
        let methodIndex = method.flatMap(Self.methods.firstIndex) ?? Self.methods.count
        let series = methodIndex * routeCount + (route.map { $0 + 1 } ?? 0)
        let statusIndex =
            statusIndices.indices.contains(status) ? Int(statusIndices[status]) : statusCount - 1
        requests.add(series * statusCount + statusIndex, on: shard)
        durations.record(series, time, on: shard)
    }
}
