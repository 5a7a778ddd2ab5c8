import HTTP
import HTTPTesting
import Testing

@Suite("Accept, RFC 9110 §12.5.1")
struct AcceptTests {
    @Test(arguments: [
        ("application/json", true), ("APPLICATION/JSON", true), ("application/*", true),
        ("*/*", true), ("*", true), ("application/json;charset=utf-8", true),
        ("application/json ; q=0.001", true), ("text/html, application/json;q=0.1", true),
        ("text/html,*/*;q=0.8", true), ("application/problem+json, */*; q=0.5", true),
        ("text/html", false), ("text/*", false), ("application/xml", false),
        ("application/json;q=0", false), ("application/json;q=0.000", false),
        ("application/json; q=0, */*", false), ("application/*;q=0, */*", false),
        ("application/json, application/*;q=0", true), ("*/*;q=0", false),
        ("application/json+x", false), ("application", true), ("", true), (",", true),
        ("text/html, , application/json", true), ("*/json", true), ("text/html, */json", false),
        ("application/json;v=1;q=0", false), ("text/html;, application/json ;q=0;", false),
        ("application/json;q = 0", true), ("application / json;q=0, */*", true),
        // What Java's HttpURLConnection sends if nobody says otherwise.
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", true),
    ])
    func `a client takes what one of its ranges says`(_ value: String, _ isTaken: Bool) throws {
        let request = try Request("GET /", fields: ["Accept: \(value)"])
        #expect(request.head.fields.accepts(anyOf: ["application/json"]) == isTaken)
    }

    @Test(arguments: [
        ("text/plain, application/openmetrics-text;q=0.9", "text/plain"),
        ("text/plain;q=0.9, application/openmetrics-text", "application/openmetrics-text"),
        ("text/plain;q=0.2,application/openmetrics-text;q=0.25", "application/openmetrics-text"),
        ("text/plain;q=0.002,application/openmetrics-text;q=0.001", "text/plain"),
        ("*/*", "text/plain"), ("text/*;q=0.1", "text/plain"), ("image/png", nil),
        ("application/*", "application/openmetrics-text"),
        ("text/plain;q=0, */*;q=0.1", "application/openmetrics-text"),
        ("*/*, application/openmetrics-text", "application/openmetrics-text"),
        ("text/*;q=1.0, application/openmetrics-text;q=1", "application/openmetrics-text"),
        ("text/plain, application/openmetrics-text", "text/plain"),
        ("application/openmetrics-text;q=0", nil),
        // What Prometheus sends.
        (
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
                + "application/openmetrics-text;version=0.0.1;q=0.4,"
                + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
                + "text/plain;version=0.0.4;q=0.2,*/*;q=0.1", "application/openmetrics-text"
        ),
    ])
    func `of several types it likes one best`(_ value: String, _ expected: String?) throws {
        let request = try Request("GET /", fields: ["Accept: \(value)"])
        let types = ["text/plain", "application/openmetrics-text"]
        #expect(request.head.fields.preferred(of: types) == expected)
        #expect(request.head.fields.accepts(anyOf: types) == (expected != nil))
    }

    @Test func `without the field it takes everything`() throws {
        #expect(try Request("GET /").head.fields.preferred(of: ["a/b", "c/d"]) == "a/b")
        #expect(try Request("GET /").head.fields.accepts(anyOf: ["text/html"]))
    }

    @Test func `one of several types is enough, and several lines are one list`() throws {
        let request = try Request("GET /", fields: ["Accept: image/png", "Accept: text/html"])
        let fields = request.head.fields
        #expect(fields.accepts(anyOf: ["application/json", "text/html"]))
        #expect(!fields.accepts(anyOf: ["application/json"]))
        #expect(!fields.accepts(anyOf: []))
    }
}
