import Ambient

/// How fast a client takes its answers, from when it did not take all of them at once until it has.
///
/// An answer may be as large as it likes, so a client that takes all of it may need its time. But
/// it is kept for as long, so taking an octet now and then does not do.
struct WritePace: Equatable, Sendable {
    private let since: MonotonicTime
    private var octetCount = 0
    private var newestAt: MonotonicTime

    /// The client has not taken all.
    init(since now: MonotonicTime) {
        since = now
        newestAt = now
    }

    /// The client has taken more.
    mutating func taken(_ count: Int, now: MonotonicTime) {
        octetCount += count
        newestAt = now
    }

    /// Until when the client must take more: it may neither rest for longer than the time-out, nor
    /// take less than the lowest rate once that has passed.
    func deadline(_ configuration: HTTPServerConfiguration) -> MonotonicTime {
        let rate = configuration.writeBytesPerSecondMin
        guard rate > 0 else { return newestAt + configuration.writeTimeout }
        let earned = Duration.seconds(octetCount) / rate
        return min(since + earned, newestAt) + configuration.writeTimeout
    }
}
