import Ambient
import Glibc
import JSONLogging
import PrometheusMetrics
import Users
import UsersTesting

/// Writes a request's line in the log, for a user's read. A thread of the log's own hands the lines
/// over, and is not counted.
@Sendable func writeLogLines(_ count: Int) throws -> Int {
    let null = open("/dev/null", O_WRONLY)
    precondition(null >= 0, "/dev/null cannot be opened: \(errno).")
    // No line finds its buffer full, however seldom the other thread runs.
    let sink = try LogSink(
        descriptor: null, style: LogStyle(format: .json), clock: .system, bufferOctetsMax: 64 << 20)
    let log = AccessLog(sink: sink, policy: .all)
    let record = AccessRecord(
        requestID: "4bf92f3577b34da6a3ce929d0e0e4736", method: "GET", route: "/users/{id}",
        status: 200, duration: .microseconds(432), bodyOctets: 512,
        userID: UserID.administrator.uuid)
    for number in 0..<count {
        let time = Timestamp(microsecondsSince1970: 1_795_380_360_123_456 + Int64(number))
        log.requestFinished(record, at: time)
    }
    precondition(sink.linesDropped == 0, "\(sink.linesDropped) lines were dropped.")
    return sink.linesTaken
}

/// Counts a request and its time, among as many series as the service has.
@Sendable func countRequests(_ count: Int) -> Int {
    let registry = MetricsRegistry(loopCount: 1)
    func names(_ count: Int) -> [String] { (0..<count).map { "\($0)" } }
    let requests = Counter<Int>(
        "requests_total", "Requests.",
        by: .product(["method": names(8), "route": names(40), "status": names(30)]), in: registry)
    let durations = Histogram<Int>(
        "request_duration_seconds", "Times of requests.", unit: .seconds, bounds: .requests,
        by: .product(["method": names(8), "route": names(40)]), in: registry)
    let shard = registry.shard(ofLoop: 0)
    for number in 0..<count {
        let route = number % 40
        requests.add(route * 30, on: shard)
        // Up to 3 ms, most of them in the first buckets.
        durations.record(route, .microseconds(100 + number % 30 * 100), on: shard)
    }
    return registry.families().count
}
