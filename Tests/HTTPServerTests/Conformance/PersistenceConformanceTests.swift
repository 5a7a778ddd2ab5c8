import HTTPTesting
import Testing

@Suite("Conformance: connections and expectations", .timeLimit(.minutes(2)))
struct PersistenceConformanceTests {
    typealias Row = ConformanceRow
    typealias Answer = ConformanceRow.Answer

    @Test(arguments: options + expectations + pipelines)
    func `it is answered as the RFC has it`(_ row: ConformanceRow) async throws {
        try await row.play()
    }

    private static func get(_ version: String, _ options: [String]) -> String {
        Wire.head("GET /p/1 \(version)", options.map { "Connection: \($0)" })
    }

    static let options: [Row] =
        [
            ["close"], ["Close"], ["CLOSE"], ["close,"], [",close"], ["x, close"], ["close, x"],
            ["x,close,y"],
            ["x ,\tclose\t, y"], ["x", "close"], ["close", "keep-alive"], ["keep-alive, close"],
            ["close, keep-alive"], ["close, close"],
        ].map {
            Row(
                "HTTP/1.1 \($0)", "9112 §9.6", get("HTTP/1.1", $0),
                .closed([.field(200, "Connection", "close")]))
        }
        + [
            [], [""], ["keep-alive"], ["closed"], ["not-close"], ["close-x"], ["xclose"], ["clos"],
            ["cl ose"],
            ["\"close\""], ["close;q=1"], ["upgrade"], [","],
        ].map {
            Row(
                "HTTP/1.1 \($0)", "9112 §9.3", get("HTTP/1.1", $0),
                .open([.field(200, "Connection", nil)]))
        }
        + [
            [], ["close"], ["keep-alive, close"], ["close, keep-alive"], ["keep-alivex"],
            ["x-keep-alive"], ["\"keep-alive\""],
        ].map {
            Row(
                "HTTP/1.0 \($0)", "9112 §9.3", get("HTTP/1.0", $0),
                .closed([.field(200, "Connection", "close")]))
        }
        + [
            ["keep-alive"], ["Keep-Alive"], ["KEEP-ALIVE"], ["x, keep-alive"], ["keep-alive,x"],
            ["x", "keep-alive"],
        ].map {
            Row(
                "HTTP/1.0 \($0)", "9112 §9.3", get("HTTP/1.0", $0),
                .open([.field(200, "Connection", "keep-alive")]))
        }
        + [
            Row(
                "Proxy-Connection is nothing", "9112 §C.2.2",
                Wire.get("/p/1", "Proxy-Connection: close"), .ok("1")),
            Row(
                "Keep-Alive is no option", "9112 §9.3",
                Wire.head("GET /p/1 HTTP/1.0", ["Keep-Alive: timeout=5"]),
                .closed([Answer(200, "1")])),
            Row("an answer of 404", "9112 §9.3", Wire.get("/none"), .status(404)),
            Row(
                "close with an answer of 404", "9112 §9.6", Wire.get("/none", "Connection: close"),
                .closed([Answer(404)])),
            Row(
                "close with content", "9112 §9.6", Wire.post("/echo", "abc", "Connection: close"),
                .closed([Answer(200, "abc")])),
            Row(
                "close to HEAD", "9112 §9.6",
                Wire.head("HEAD /p/1 HTTP/1.1", ["Connection: close"]), .closed([.head(200)])),
        ]

    private static func post(
        _ expectation: String, _ content: String = "", _ version: String = "HTTP/1.1"
    ) -> String {
        Wire.head(
            "POST /echo \(version)",
            ["Expect: \(expectation)", "Content-Length: \(content.utf8.count)"]) + content
    }

    static let expectations: [Row] =
        [
            Row("content sent at once", "9110 §10.1.1", post("100-continue", "abc"), .ok("abc")),
            Row("no content", "9110 §10.1.1", post("100-continue"), .ok("")),
            Row(
                "GET without content", "9110 §10.1.1", Wire.get("/p/1", "Expect: 100-continue"),
                .ok("1")),
            Row(
                "HTTP/1.0", "9110 §10.1.1", post("100-continue", "abc", "HTTP/1.0"),
                .closed([Answer(200, "abc")])),
            Row("an empty expectation", "9110 §10.1.1", post("", "abc"), .ok("abc")),
        ]
        + [
            "100", "100-continued", "x-100-continue", "200-ok", "100-continue, x",
            "x, 100-continue", "100-continue=1", "a=\"b\"", "101-switching",
        ].map {
            Row("Expect: \($0)", "9110 §10.1.1", post($0, "abc"), .refused(417))
        }

    static let pipelines: [Row] = [
        Row(
            "three requests", "9112 §9.3.2", (1...3).map { Wire.get("/p/\($0)") }.joined(),
            .open((1...3).map { Answer(200, "\($0)") })),
        Row(
            "methods of every kind", "9112 §9.3.2",
            Wire.post("/echo", "a") + Wire.head("HEAD /p/1 HTTP/1.1")
                + Wire.head("DELETE /p/1 HTTP/1.1")
                + Wire.get("/unchanged") + Wire.chunked("/echo", "1\r\nb\r\n0\r\n\r\n")
                + Wire.get("/none"),
            .open([
                Answer(200, "a"), .head(200), Answer(204), Answer(304), Answer(200, "b"),
                Answer(404),
            ])),
        Row(
            "an error of the resource", "9112 §9.3.2",
            Wire.get("/none") + Wire.post("/p/1", "abc") + Wire.get("/p/1"),
            .open([Answer(404), Answer(405), Answer(200, "1")])),
        Row(
            "nothing behind close", "9112 §9.6",
            Wire.get("/p/1", "Connection: close") + Wire.get("/p/2"), .closed([Answer(200, "1")])),
        Row(
            "nothing behind HTTP/1.0", "9112 §9.3",
            Wire.head("GET /p/1 HTTP/1.0") + Wire.get("/p/2"), .closed([Answer(200, "1")])),
        Row(
            "nothing behind an error", "9112 §9.3.2", "GET / HTTP/1.1\r\n\r\n" + Wire.get("/p/2"),
            .refused(400)),
        Row(
            "an empty line between", "9112 §2.2", Wire.get("/p/1") + "\r\n" + Wire.get("/p/2"),
            .open([Answer(200, "1"), Answer(200, "2")])),
        Row(
            "100 requests", "9112 §9.3.2", (0..<100).map { Wire.get("/p/\($0)") }.joined(),
            .open((0..<100).map { Answer(200, "\($0)") })),
    ]

    @Test(arguments: [
        ["Expect: 100-continue"], ["expect: 100-CONTINUE"], ["Expect: 100-continue,"],
        ["Expect: 100-continue", "Expect: 100-continue"],
    ])
    func `a client that waits for 100 gets it before its content is read`(_ fields: [String])
        async throws
    {
        try await withConformanceService { service in
            for framing in ["Content-Length: 3", "Transfer-Encoding: chunked"] {
                let client = try service.connect()
                let interim = try await client.exchange(
                    Wire.head("POST /echo HTTP/1.1", fields + [framing]))
                #expect(interim.status == 100)
                interim.checkForm()
                let isChunked = framing.hasSuffix("chunked")
                let response = try await client.exchange(
                    isChunked ? "3\r\nabc\r\n0\r\n\r\n" : "abc")
                #expect(response.text == "abc")
                #expect(try await client.exchange(Wire.get("/p/1")).text == "1")
            }
        }
    }

    @Test(arguments: [
        ("POST /none HTTP/1.1", "3", 404), ("POST /p/1 HTTP/1.1", "3", 405),
        ("BREW / HTTP/1.1", "3", 501),
        ("POST /echo HTTP/1.1", "1048577", 413), ("POST /echo HTTP/1.1", "999999999999999999", 413),
    ])
    func `a client that waits for 100 gets its answer instead`(
        _ line: String, _ length: String, _ status: Int
    ) async throws {
        try await withConformanceService { service in
            let client = try service.connect()
            let response = try await client.exchange(
                Wire.head(line, ["Expect: 100-continue", "Content-Length: \(length)"]))
            #expect(response.status == status)
            // Whether its content follows is the client's to say, so the next request is not found.
            #expect(response["Connection"] == "close")
            #expect(try await client.remainder() == [])
        }
    }

    @Test(arguments: [
        (Wire.get("/p/1"), "1"), (Wire.post("/echo", "abc"), "abc"),
        (Wire.chunked("/echo", "1\r\na\r\n0\r\n\r\n"), "a"),
        (Wire.get("/p/0") + Wire.get("/p/1"), "01"),
    ])
    func `a client that has finished sending gets its answers`(_ request: String, _ text: String)
        async throws
    {
        try await withConformanceService { service in
            let client = try service.connect()
            try await client.send(request)
            try await client.finishSending()
            for character in text.count == 2 ? text.map(String.init) : [text] {
                #expect(try await client.response().text == character)
            }
            #expect(try await client.remainder() == [])
        }
    }

    @Test func `a client that finishes inside its content is told so`() async throws {
        try await withConformanceService { service in
            for request in [
                Wire.postHead("/echo", length: 5) + "abc", Wire.chunked("/echo", "5\r\nabc"),
                Wire.chunked("/echo", "1\r\na\r\n0\r\n"),
            ] {
                let client = try service.connect()
                try await client.send(request)
                try await client.finishSending()
                let response = try await client.response()
                #expect(response.status == 400 && response["Connection"] == "close")
                #expect(try await client.remainder() == [])
            }
        }
    }
}
