import Ambient

/// How fast a client sends a body or takes its answers, from when it is waited for.
///
/// What is long may take its time, but others pay for that with memory, so an octet now and then
/// does not do.
struct Pace: Equatable, Sendable {
    private let since: MonotonicTime
    private var octetCount = 0
    /// When octets came or went last; the beginning at first.
    private(set) var newestAt: MonotonicTime

    /// The client is waited for from now on.
    init(since now: MonotonicTime) {
        since = now
        newestAt = now
    }

    /// Octets have come or gone.
    mutating func moved(_ count: Int, now: MonotonicTime) {
        octetCount += count
        newestAt = now
    }

    /// Until when more must move. The time-out counts from the beginning and grows by the time
    /// that what has moved takes at the lowest rate: a drip gains nothing to speak of. Nor may the
    /// client rest for longer than the time-out, or whoever moves all but the last octet at once
    /// would have earned a long wait for it.
    /// - Parameter rateMin: Octets in a second; 0 if nothing is earned.
    func deadline(rateMin: Int, timeout: Duration) -> MonotonicTime {
        let earned = rateMin > 0 ? Duration.seconds(octetCount) / rateMin : .zero
        return min(since + earned, newestAt) + timeout
    }
}
