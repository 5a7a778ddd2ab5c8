import HTTP
import Testing

@testable import TraceExport

@Suite("Samplers, OpenTelemetry specification")
struct TraceSamplerTests {
    private static let sampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    private static let unsampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"

    @Test(arguments: [
        // Without a caller's trace, with one that is sampled, and with one that is not.
        (TraceSampler.Name.alwaysOn, [true, true, true]), (.alwaysOff, [false, false, false]),
        (.parentOrAlwaysOn, [true, true, false]), (.parentOrAlwaysOff, [false, true, false]),
        (.ratio, [true, true, true]), (.parentOrRatio, [true, true, false]),
    ])
    func `those that follow the caller do as it did`(
        _ name: TraceSampler.Name, _ expected: [Bool]
    ) throws {
        let sampler = TraceSampler(name, ratio: 1)
        let parents = [
            nil, SpanPosition(try place(Self.sampled), isRemote: true),
            SpanPosition(try place(Self.unsampled), isRemote: true),
        ]
        let traceID = try place(Self.sampled).traceID
        #expect(parents.map { sampler.samples(traceID, in: $0) } == expected)
    }

    @Test(arguments: TraceSampler.Name.allCases)
    func `what begins in this process follows the request`(_ name: TraceSampler.Name) throws {
        let sampler = TraceSampler(name, ratio: 0.5)
        for text in [Self.sampled, Self.unsampled] {
            let parent = SpanPosition(try place(text))
            #expect(sampler.samples(parent.place.traceID, in: parent) == parent.isSampled)
        }
    }

    @Test(
        arguments: [
            (0.0, 0x0FFF_FFFF_FFFF_FFFF, false), (1.0, 0x0100_0000_0000_0000, true),
            (0.25, 0x00BF_FFFF_FFFF_FFFF, false), (0.25, 0x00C0_0000_0000_0000, true),
            (0.25, 0x77BF_FFFF_FFFF_FFFF, false), (0.25, 0x77C0_0000_0000_0000, true),
        ] as [(Double, UInt64, Bool)])
    func `of the trace's id, the last seven octets decide`(
        _ ratio: Double, _ low: UInt64, _ expected: Bool
    ) throws {
        let traceID = try #require(TraceID(high: 1, low: low))
        for name in [TraceSampler.Name.ratio, .parentOrRatio] {
            #expect(TraceSampler(name, ratio: ratio).samples(traceID, in: nil) == expected)
        }
    }
}
