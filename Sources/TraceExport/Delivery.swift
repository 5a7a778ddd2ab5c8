import Ambient

/// What became of an attempt to deliver a batch.
enum DeliveryResult: Equatable, Sendable {
    /// The collector has taken it, but for so many spans.
    case accepted(rejectedCount: Int)
    /// It does not want it, and will not want it later.
    case refused(status: Int)
    /// It may take it later: it said so, or could not be reached.
    case failed(DeliveryFailure, retryAfter: Duration?)

    /// What a response means (OTLP specification, "OTLP/HTTP Response").
    init(_ response: CollectorResponse) {
        switch response.status {
        case 200..<300: self = .accepted(rejectedCount: response.rejectedCount)
        case 429, 502, 503, 504:
            self = .failed(.status(response.status), retryAfter: response.retryAfter)
        default: self = .refused(status: response.status)
        }
    }
}

/// Why a batch may be sent again.
enum DeliveryFailure: Error, Equatable, Sendable {
    /// The collector cannot be found or reached.
    case unreachable(String)
    /// The connection was lost, or ended without an answer.
    case connectionLost
    /// There was no answer in time.
    case timedOut
    /// What came is no response of HTTP/1.1.
    case malformedResponse
    /// A status that asks for patience.
    case status(Int)
}

extension DeliveryFailure: CustomStringConvertible {
    /// A few words for operators.
    var description: String {
        switch self {
        case .unreachable(let problem): "it cannot be reached: \(problem)"
        case .connectionLost: "the connection was lost"
        case .timedOut: "it did not answer in time"
        case .malformedResponse: "its answer is no response of HTTP/1.1"
        case .status(let status): "it answered \(status)"
        }
    }
}

/// How often a batch is sent, and when again: what follows from each attempt.
struct Delivery: Sendable {
    /// What is done next.
    enum Step: Equatable, Sendable {
        /// The batch has arrived, but for so many spans.
        case done(rejectedCount: Int)
        /// It is given up.
        case giveUp
        /// It is sent again after this time.
        case retry(after: Duration)
    }

    /// How often a batch is sent at most.
    static let attemptsMax = 5
    /// Wait before the second attempt, less up to a half; it doubles each time.
    static let pauseMin: Duration = .seconds(1)
    /// The longest that a collector may have us wait.
    static let retryAfterMax: Duration = .seconds(300)

    private var attemptCount = 0

    /// An attempt has ended.
    /// - Parameters:
    ///   - isLast: Whether there is no time for another one.
    ///   - jitter: A random number from 0 to 1.
    mutating func attempted(_ result: DeliveryResult, isLast: Bool, jitter: Double) -> Step {
        attemptCount += 1
        switch result {
        case .accepted(let rejectedCount): return .done(rejectedCount: rejectedCount)
        case .refused: return .giveUp
        case .failed(_, let retryAfter):
            guard !isLast, attemptCount < Self.attemptsMax else { return .giveUp }
            if let retryAfter { return .retry(after: min(retryAfter, Self.retryAfterMax)) }
            let pause = Self.pauseMin * (1 << (attemptCount - 1))
            return .retry(after: pause * (1 - jitter / 2))
        }
    }
}
