package import TraceExport

/// Which requests are traced, and where their spans go.
package struct TraceSettings: Equatable, Sendable {
    /// The collector that spans are sent to; nil to trace nothing.
    package var collector: CollectorAddress?
    /// What all spans have in common.
    package var resource: TraceResource
    /// Which traces are recorded.
    package var sampler: TraceSampler

    /// Reads `OTEL_…`, by the names that OpenTelemetry has for all services.
    package init(reading reader: inout ConfigurationReader) {
        collector = reader.collector(.otelExporterOTLPEndpoint)
        let attributes = reader.resourceAttributes(.otelResourceAttributes)
        let name = attributes["service.name"] ?? "user-management"
        resource = TraceResource(
            service: reader.string(.otelServiceName, default: name),
            version: BuildInformation.version, attributes)
        let sampler: TraceSampler.Name = reader.choice(
            .otelTracesSampler, default: .parentOrAlwaysOn)
        self.sampler = TraceSampler(
            sampler, ratio: reader.fraction(.otelTracesSamplerArg, default: 1))
    }
}
