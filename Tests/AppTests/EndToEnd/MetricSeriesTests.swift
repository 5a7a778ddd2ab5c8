import HTTPTesting
import RandomTesting
import Routing
import Testing

@testable import App

/// Nothing that a client can choose becomes a label.
@Suite("The number of series", .timeLimit(.minutes(5)))
struct MetricSeriesTests {
    private static let methods = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE",
    ]

    @Test func `stays what it was, whatever paths, methods and fields come`() async throws {
        try await withApplication(["DOCS_DIRECTORY": "/nonexistent"]) { application, _ in
            // Whether the database answers in time is not the client's doing.
            let templates = Set(application.routes.map(\.template))
                .filter { !$0.hasPrefix("/health") }.sorted()
            var generator = SeededGenerator(seed: 1)
            try await ask(application, templates, &generator)
            _ = try await application.scrape()
            let series = try await seriesOfScrape(application)
            for _ in 0..<2 { try await ask(application, templates, &generator) }
            #expect(try await seriesOfScrape(application) == series)
            try expectClosedLabels(of: series, templates)
        }
    }

    /// Sends each method to each template with segments that are made up, and much that is nothing.
    private func ask(
        _ application: TestApplication, _ templates: [String], _ generator: inout SeededGenerator
    ) async throws {
        let client = try application.connect()
        for template in templates + ["/{a}", "/users/{a}/{b}", "/{a}/{b}/{c}/{d}"] {
            for method in Self.methods + [generator.token(4...12)] {
                let path = template.replacing(/\{[a-z_]+\}/) { _ in generator.token(1...40) }
                let query = "?\(generator.token(1...9))=\(generator.token(0...60))"
                let fields = [
                    "X-\(generator.token(1...20)): \(generator.token(0...80))",
                    "User-Agent: \(generator.token(1...80))",
                    "X-Request-ID: \(generator.token(1...80))",
                    "X-Forwarded-For: \(generator.token(1...20))",
                    "traceparent: \(generator.token(55...55))",
                ]
                let isDocument = template == "/" || template == "/metrics"
                try await client.send(
                    requestText("\(method) \(path)\(isDocument ? "" : query)", fields: fields))
                _ = try await client.response(toHead: method == "HEAD")
            }
        }
        for start in ["", "GET ", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX"] {
            let client = try application.connect()
            try await client.send("\(start)\u{1}\(generator.token(1...60))\r\n\r\n")
            _ = try await client.remainder()
        }
    }

    private func seriesOfScrape(_ application: TestApplication) async throws -> [String] {
        try await application.scrape().map { line in
            String(line[..<(line.lastIndex(of: " ") ?? line.endIndex)])
        }
    }

    private func expectClosedLabels(of series: [String], _ templates: [String]) throws {
        let requests = series.compactMap {
            $0.wholeMatch(
                of: /http_requests_total\{method="(.*)",route="(.*)",status="([0-9]{3})"\}/)
        }
        #expect(requests.count == series.count { $0.hasPrefix("http_requests_total") })
        let methods = Set(requests.map { String($0.1) })
        #expect(methods == Set(Self.methods.filter { $0 != "TRACE" }).union(["other"]))
        #expect(Set(requests.map { String($0.2) }) == Set(templates).union(["-"]))
        #expect(series.count == Set(series).count)
    }
}

extension SeededGenerator {
    /// Letters and digits, of which a path, a method, a name or a value may be made.
    fileprivate mutating func token(_ length: ClosedRange<Int>) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        let count = Int.random(in: length, using: &self)
        return String((0..<count).map { _ in letters[Int.random(in: 0..<62, using: &self)] })
    }
}
