import Documents
import HTTP
import HTTPTesting
import HTTPTypes
import Reactor
import Routing
import Testing

@Suite("What the type of a problem leads to, RFC 9457 §3.1.1")
struct ProblemPagesTests {
    private static let taken = ProblemKind(
        code: "name_taken", status: .conflict, title: "The name is in use",
        meaning: "Somebody \"else\" has <it> & keeps it.", remedy: "Choose another one.",
        faults: [("too_short", "It is too short.")])
    private static let gone = ProblemKind(
        code: "gone", status: .gone, title: "It is gone", meaning: "It was there.",
        remedy: "Nothing.")

    private func router() throws -> Router {
        let pool = try OffloadPool(name: "documents", threads: 1, queueMax: 8)
        let pages = ProblemPages(of: [Self.gone, Self.taken], compression: nil, madeOn: pool)
        return Router(pages.routes)
    }

    private func get(_ path: String) async throws -> Response {
        let router = try router()
        return await router.respond(to: try Request("GET \(path)", id: "r-1"))
    }

    private func text(_ response: Response) -> String {
        String(decoding: response.body, as: UTF8.self)
    }

    @Test func `a page says what it means, what to do, and shows an example`() async throws {
        let response = try await get("/problems/name_taken")
        #expect(response.status == .ok)
        let page = text(response)
        for part in [
            "<title>The name is in use</title>", "<h1>The name is in use</h1>",
            "<td>409</td><td><code>name_taken</code></td>",
            "<p>Somebody &quot;else&quot; has &lt;it&gt; &amp; keeps it.</p>",
            "<p>Choose another one.</p>",
            "<td><code>too_short</code></td><td>It is too short.</td>",
            "{&quot;type&quot;:&quot;/problems/name_taken&quot;,\n &quot;title&quot;:",
            #"<a href="/problems">"#,
            #"<meta name="color-scheme" content="light dark">"#,
        ] {
            #expect(page.contains(part), "\(part)")
        }
    }

    @Test func `a page is made once, and has a tag by which it is not sent again`() async throws {
        let router = try router()
        let first = await router.respond(to: try Request("GET /problems/name_taken"))
        let tag = try #require(first.fields.value(of: .eTag))
        let second = await router.respond(
            to: try Request("GET /problems/name_taken", fields: ["If-None-Match: \(tag)"]))
        #expect(second.status == .notModified && second.body.isEmpty)
        // Else a browser would put another policy to the page that it has kept.
        #expect(second.fields.hasPolicy && second.fields.contains(.contentSecurityPolicy))
    }

    @Test func `the index has every kind, by status and code`() async throws {
        let page = text(try await get("/problems"))
        let first = try #require(page.firstRange(of: #"<a href="/problems/name_taken">"#))
        let second = try #require(page.firstRange(of: #"<a href="/problems/gone">"#))
        #expect(first.lowerBound < second.lowerBound)
    }

    @Test(arguments: ["/problems", "/problems/gone"])
    func `a page may load nothing, be embedded nowhere, and be kept`(_ path: String) async throws {
        let page = try await get(path)
        let fields = page.fields
        #expect(fields.hasPolicy)
        #expect(fields.value(of: .contentType) == "text/html; charset=utf-8")
        #expect(fields.value(of: .cacheControl) == "public, max-age=3600")
        #expect(
            fields.value(of: .contentSecurityPolicy)
                == "default-src 'none'; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'")
    }

    @Test(arguments: ["/problems/other", "/problems/GONE", "/problems/", "/problems/gone/x"])
    func `there is no page for what is no code`(_ path: String) async throws {
        #expect(try await get(path).status == .notFound)
    }
}
