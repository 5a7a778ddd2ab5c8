import Testing
import TraceExport

@testable import App

@Suite("What is traced")
struct TraceSettingsTests {
    private func settings(_ variables: [String: String] = [:]) throws -> TraceSettings {
        try ServiceConfiguration(
            from: .test(variables.merging(["DATABASE_URL": "url"]) { given, _ in given })
        ).traces
    }

    private func fault(_ name: String, _ value: String) -> String? {
        #expect(throws: InvalidConfiguration.self) { try settings([name: value]) }?.description
    }

    @Test func `without a collector nothing is traced`() throws {
        #expect(try settings().collector == nil)
        let collector = try settings(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"]).collector
        #expect(collector == CollectorAddress(parsing: "http://c:4318"))
    }

    @Test func `an address with https is refused, since there is no TLS`() {
        #expect(
            fault("OTEL_EXPORTER_OTLP_ENDPOINT", "https://c:4318")
                == #"OTEL_EXPORTER_OTLP_ENDPOINT: "https://c:4318" is refused: "#
                + "expected an address such as http://localhost:4318, with http:// since spans "
                + "are sent without TLS: for https:// take a collector beside the service")
    }

    @Test func `a password in the address is refused and not shown`() {
        let fault = fault("OTEL_EXPORTER_OTLP_ENDPOINT", "http://ada:secret@c:4318")
        #expect(
            fault?.hasPrefix(
                "OTEL_EXPORTER_OTLP_ENDPOINT: the value given (not shown) is refused") == true)
        #expect(fault?.contains("secret") == false)
    }

    @Test(arguments: [
        ([:], "user-management"), (["OTEL_SERVICE_NAME": "a"], "a"),
        (["OTEL_RESOURCE_ATTRIBUTES": "service.name=b,x=y"], "b"),
        (["OTEL_RESOURCE_ATTRIBUTES": "service.name=b", "OTEL_SERVICE_NAME": "a"], "a"),
    ])
    func `the service has a name`(_ variables: [String: String], _ expected: String) throws {
        let attributes = try settings(variables).resource.attributes
        #expect(attributes["service.name"] == expected)
        #expect(attributes["service.version"] == BuildInformation.version)
    }

    @Test func `the sampler and its ratio are OpenTelemetry's`() throws {
        #expect(try settings().sampler == TraceSampler(.parentOrAlwaysOn, ratio: 1))
        let given = ["OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.25"]
        #expect(try settings(given).sampler == TraceSampler(.ratio, ratio: 0.25))
    }

    @Test(arguments: ["1.1", "-0", "+1", ".5", "1e-3", "0x1", "nan", "0,5", "2", "25%", "0."])
    func `a ratio is from 0 to 1`(_ given: String) {
        #expect(
            fault("OTEL_TRACES_SAMPLER_ARG", given)
                == "OTEL_TRACES_SAMPLER_ARG: \"\(given)\" is refused: expected a number "
                + "from 0 to 1, such as 0.25")
    }

    @Test func `other samplers and malformed attributes are refused`() {
        #expect(
            fault("OTEL_TRACES_SAMPLER", "jaeger_remote")
                == #"OTEL_TRACES_SAMPLER: "jaeger_remote" is refused: expected one of always_on, "#
                + "always_off, traceidratio, parentbased_always_on, parentbased_always_off, "
                + "parentbased_traceidratio")
        #expect(fault("OTEL_RESOURCE_ATTRIBUTES", "a") != nil)
    }
}
