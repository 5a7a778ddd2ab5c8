import Gzip
import Testing

@testable import App

@Suite("What is compressed")
struct CompressionSettingsTests {
    private func settings(_ variables: [String: String]) throws -> CompressionSettings {
        try ConfigurationReader.read(
            from: Environment(process: variables, file: .none, reader: .system)
        ) { CompressionSettings(reading: &$0) }
    }

    @Test func `JSON and pages from a kibibyte on are, unless somebody says otherwise`() throws {
        let policy = try #require(try settings([:]).policy)
        #expect(policy.level == 5 && policy.bytesMin == 1024)
        #expect(
            policy.mediaTypes == [
                "application/json", "text/css", "text/html", "text/javascript",
            ])
        #expect(try settings(["GZIP_ENABLED": "false"]).policy == nil)
    }

    @Test func `types, length and level can be chosen`() throws {
        let policy = try settings([
            "GZIP_TYPES": "text/html, application/jwk-set+json", "GZIP_MIN_SIZE": "64",
            "GZIP_LEVEL": "9",
        ]).policy
        #expect(policy?.mediaTypes == ["text/html", "application/jwk-set+json"])
        #expect(policy?.level == 9 && policy?.bytesMin == 64)
    }

    @Test(arguments: [
        ("GZIP_LEVEL", "0"), ("GZIP_LEVEL", "10"), ("GZIP_MIN_SIZE", "63"),
        ("GZIP_MIN_SIZE", "2MiB"), ("GZIP_TYPES", "json"), ("GZIP_TYPES", "text/html,"),
        ("GZIP_TYPES", "Text/HTML"), ("GZIP_TYPES", "text/html; charset=utf-8"),
        ("GZIP_TYPES", "text/html text/css"), ("GZIP_ENABLED", "gzip"),
    ])
    func `what makes no sense is refused`(_ name: String, _ value: String) {
        #expect(throws: InvalidConfiguration.self) { try settings([name: value]) }
    }
}
