import Ambient
import HTTP
import JSONLogging
package import Logging
import Reactor
import TraceExport
import Tracing

/// What traces requests: starts their spans, and sends them to a collector.
struct RequestTracing: Sendable {
    /// How long the last spans may take to be sent.
    private static let flushTimeout: Duration = .seconds(1)

    let tracer: OTLPTracer
    let exporter: SpanExporter
    private let logger: Logger

    /// Starts the exporter's thread; nil if nothing is to be traced.
    init?(_ settings: TraceSettings, logger: Logger) throws(SystemError) {
        guard let collector = settings.collector else { return nil }
        let exporter = try SpanExporter(
            to: collector, resource: settings.resource, version: BuildInformation.version,
            logger: logger)
        self.exporter = exporter
        self.logger = logger
        tracer = OTLPTracer(sampler: settings.sampler, entropy: .system) { exporter.append($0) }
    }

    /// Sends the last spans. Blocks its thread: not for event loops.
    func stop() {
        if exporter.close(within: Self.flushTimeout) { return }
        logger.warning("The last spans were not sent in time")
    }
}

extension Logger.MetadataProvider {
    /// The ids of the trace and the span that a line is written in, if any.
    package static let traceIDs = Logger.MetadataProvider {
        guard let place = InstrumentationContext.current?.position?.place else { return [:] }
        return .keyed([.traceID: "\(place.traceID)", .spanID: "\(place.spanID)"])
    }
}
