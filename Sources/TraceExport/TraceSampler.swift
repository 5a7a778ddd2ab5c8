import HTTP

/// Which traces are recorded (OpenTelemetry specification, Trace SDK, "Sampler").
package struct TraceSampler: Equatable, Sendable {
    /// The samplers by the names that `OTEL_TRACES_SAMPLER` has for them.
    package enum Name: String, CaseIterable, Sendable {
        case alwaysOn = "always_on"
        case alwaysOff = "always_off"
        case ratio = "traceidratio"
        case parentOrAlwaysOn = "parentbased_always_on"
        case parentOrAlwaysOff = "parentbased_always_off"
        case parentOrRatio = "parentbased_traceidratio"
    }

    /// How many different values the random part of a trace's id has (W3C Trace Context Level 2,
    /// §5.1): its last 56 bits.
    private static let randomValues: UInt64 = 1 << 56

    /// Whether a request that comes from a trace is recorded if its caller is, and only then.
    private let followsParent: Bool
    /// The least random part of the ids of the traces that are recorded.
    private let threshold: UInt64

    /// Makes a sampler.
    /// - Parameter ratio: Which part of the traces is recorded by those samplers that ask for it,
    ///   0 to 1. It is the same part everywhere, since the trace's id decides.
    package init(_ name: Name, ratio: Double) {
        precondition((0...1).contains(ratio), "\(ratio) is no part of the traces.")
        let rejected = UInt64((1 - ratio) * Double(Self.randomValues))
        switch name {
        case .alwaysOn, .parentOrAlwaysOn: threshold = 0
        case .alwaysOff, .parentOrAlwaysOff: threshold = Self.randomValues
        case .ratio, .parentOrRatio: threshold = rejected
        }
        switch name {
        case .alwaysOn, .alwaysOff, .ratio: followsParent = false
        case .parentOrAlwaysOn, .parentOrAlwaysOff, .parentOrRatio: followsParent = true
        }
    }

    /// Whether a span is recorded.
    /// - Parameters:
    ///   - traceID: Its trace.
    ///   - parent: The span that it is a part of, if any. What begins in this process is recorded
    ///     whenever that is: a trace has no holes.
    func samples(_ traceID: TraceID, in parent: SpanPosition?) -> Bool {
        if let parent, followsParent || !parent.isRemote { return parent.isSampled }
        return traceID.low % Self.randomValues >= threshold
    }
}
