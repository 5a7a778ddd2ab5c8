import FoundationEssentials
import Gzip
import HTTPTesting
import Testing

@testable import App

@Suite("The documents that the service serves")
struct ServedDocumentsTests {
    /// Runs `body` with the path of a folder that holds something for each file of Swagger UI.
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "docs-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in ["swagger-ui-bundle.js", "swagger-ui.css"] {
            let text = Array("/* \(name) */".utf8)
            let gzip = Gzip.compress(text.span, level: 9)
            try Data(try #require(gzip)).write(to: folder.appending(path: name + ".gz"))
        }
        do {
            try await body(folder.path)
        } catch {
            try FileManager.default.removeItem(at: folder)
            throw error
        }
        try FileManager.default.removeItem(at: folder)
    }

    @Test func `the interactive page has all that it asks for`() async throws {
        try await withFolder { folder in
            try await withApplication(["DOCS_DIRECTORY": folder]) { application, _ in
                let page = try await application.send("GET /docs")
                #expect(page.status == 200 && page["Referrer-Policy"] == "no-referrer")
                let links = page.text.matches(of: /(?:src|href)="([a-z][^":]*)"/).map {
                    String($0.1)
                }
                #expect(links.count == 4)
                for link in links {
                    let answer = try await application.send("GET /\(link)")
                    #expect(answer.status == 200 && !answer.body.isEmpty, "\(link)")
                    #expect(answer["X-Content-Type-Options"] == "nosniff", "\(link)")
                }
            }
        }
    }

    @Test func `Swagger UI comes in gzip to whoever takes it`() async throws {
        try await withFolder { folder in
            try await withApplication(["DOCS_DIRECTORY": folder]) { application, _ in
                let page = try await application.send("GET /docs")
                let link = try #require(page.text.firstMatch(of: /docs\/swagger-ui\.\w{16}\.css/)).0
                let plain = try await application.send("GET /\(link)")
                #expect(plain.text == "/* swagger-ui.css */" && plain["Content-Encoding"] == nil)
                let packed = try await application.send(
                    "GET /\(link)", fields: ["Accept-Encoding: gzip"])
                #expect(packed.body.starts(with: [0x1f, 0x8b]))
                #expect(packed["Content-Encoding"] == "gzip")
                #expect(packed["Vary"] == "Accept-Encoding" && packed["ETag"] != plain["ETag"])
            }
        }
    }

    @Test func `what the page loads is kept for good, the page is asked for again`() async throws {
        try await withFolder { folder in
            try await withApplication(["DOCS_DIRECTORY": folder]) { application, _ in
                let page = try await application.send("GET /docs")
                #expect(page["Cache-Control"] == "public, no-cache" && page["ETag"] != nil)
                let links = page.text.matches(of: /"(docs\/[^"]+)"/).map { String($0.1) }
                #expect(links.count == 3)
                for link in links {
                    let answer = try await application.send("GET /\(link)")
                    #expect(answer["Cache-Control"] == "public, max-age=31536000, immutable")
                    #expect(link.wholeMatch(of: /docs\/[a-z-]+\.[0-9a-f]{16}\.(js|css)/) != nil)
                }
                for name in ["swagger-ui.css", "swagger-ui.0123456789abcdef.css", "initializer.js"]
                {
                    #expect(try await application.send("GET /docs/\(name)").status == 404)
                }
            }
        }
    }

    @Test func `without Swagger UI the page says so, and the service serves`() async throws {
        try await withApplication(["DOCS_DIRECTORY": "/nonexistent"]) { application, _ in
            let page = try await application.send("GET /docs")
            #expect(page.status == 200 && page.text.contains("href=\"/openapi.json\""))
        }
    }

    @Test func `problems have their pages`() async throws {
        try await withApplication { application, _ in
            let index = try await application.send("GET /problems")
            #expect(index.text.contains("email_taken"))
            #expect(try await application.send("GET /problems/email_taken").status == 200)
            #expect(try await application.send("GET /problems/none").status == 404)
        }
    }
}
