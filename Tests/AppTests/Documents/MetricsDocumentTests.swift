import FoundationEssentials
import PostgresTesting
import PrometheusMetrics
import Testing

@testable import App

@Suite("docs/metrics.md")
struct MetricsDocumentTests {
    @Test func `has a row for each family, and no other`() async throws {
        try await withApplication { application, _ in
            let families = application.metrics.families().map(\.description)
            #expect(Set(families.map(\.name)).count == families.count)
            let expected = families.map { family in
                let labels = family.labelNames.map { "`\($0)`" }.joined(separator: ", ")
                return "| `\(family.name)` | \(family.kind.rawValue) | \(labels) |"
            }
            let page = try String(
                contentsOf: URL(filePath: "\(repositoryFolder)/docs/metrics.md"), encoding: .utf8)
            let rows = page.matches(of: /\n(\| `[a-z_]+` \| [a-z]+ \| [^|]*\|) [^|\n]+\. \|/).map {
                String($0.1)
            }
            #expect(Set(rows).count == rows.count)
            #expect(Set(rows).subtracting(expected) == [])
            #expect(Set(expected).subtracting(rows) == [])
        }
    }
}
