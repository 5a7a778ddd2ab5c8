import HTTPTesting
import Testing

@testable import HTTPServer

@Suite("Persistence, RFC 9112 §9.3", .timeLimit(.minutes(2)))
struct PersistenceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String { requestLine + fields.map { ", \($0)" }.joined() }
        let requestLine: String
        var fields: [String] = []
        /// The answer's Connection field.
        let connection: String?
        let staysOpen: Bool
    }

    @Test(arguments: [
        Case(requestLine: "GET / HTTP/1.1", connection: nil, staysOpen: true),
        Case(
            requestLine: "GET / HTTP/1.1", fields: ["Connection: keep-alive"], connection: nil,
            staysOpen: true),
        Case(
            requestLine: "GET / HTTP/1.1", fields: ["Connection: close"], connection: "close",
            staysOpen: false),
        Case(
            requestLine: "GET / HTTP/1.1", fields: ["Connection: x, CLOSE"],
            connection: "close", staysOpen: false),
        Case(
            requestLine: "GET / HTTP/1.1", fields: ["Connection: closed"], connection: nil,
            staysOpen: true),
        Case(requestLine: "GET / HTTP/1.0", connection: "close", staysOpen: false),
        Case(
            requestLine: "GET / HTTP/1.0", fields: ["Connection: keep-alive"],
            connection: "keep-alive", staysOpen: true),
    ])
    func `a connection stays open as the client and its version have it`(
        _ given: Case
    ) async throws {
        try await withServer { server in
            let client = try server.connect()
            let response = try await client.exchange(
                Wire.head(given.requestLine, given.fields))
            #expect(response.status == 200)
            #expect(response["Connection"] == given.connection)
            if given.staysOpen {
                #expect(try await client.exchange(Wire.get("/again")).text == "/again")
            } else {
                #expect(try await client.remainder() == [])
            }
        }
    }

    @Test func `answers to requests sent ahead come in their order`() async throws {
        try await withServer { server in
            let client = try server.connect()
            let requests = (0..<200).map { index in
                index % 3 == 0 ? Wire.post("/echo", "/\(index)") : Wire.get("/\(index)")
            }
            try await client.send(requests.joined())
            for index in 0..<200 {
                #expect(try await client.response().text == "/\(index)")
            }
        }
    }

    @Test func `requests sent ahead of a held one are answered before it is`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try await client.send(Wire.get("/1") + Wire.get("/held") + Wire.get("/2"))
            #expect(try await client.response().text == "/1")
            server.responder.release.happened()
            #expect(try await client.response().text == "held")
            #expect(try await client.response().text == "/2")
        }
    }

    @Test func `requests behind the last one are not answered`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try await client.send(Wire.get("/1", "Connection: close") + Wire.get("/2"))
            #expect(try await client.response()["Connection"] == "close")
            #expect(try await client.remainder() == [])
        }
    }

    @Test func `a client that reads nothing is read no further than the limit`() async throws {
        try await withServer { configuration in
            configuration.unsentBytesMax = 1024
        } _: { server in
            let client = try server.connect()
            let requests = (0..<400).map { _ in Wire.get("/octets/65536") }
            try await client.send(requests.joined())
            for _ in 0..<400 {
                #expect(try await client.response().body.count == 65_536)
            }
        }
    }

    @Test func `the last of the requests that a connection may carry is announced`() async throws {
        try await withServer { configuration in
            configuration.requestsPerConnectionMax = 2
        } _: { server in
            let client = try server.connect()
            #expect(try await client.exchange(Wire.get("/1"))["Connection"] == nil)
            #expect(try await client.exchange(Wire.get("/2"))["Connection"] == "close")
            #expect(try await client.remainder() == [])
        }
    }

    @Test func `a connection past its age is closed with its next answer`() async throws {
        try await withServer { configuration in
            configuration.connectionLifetime = .zero
        } _: { server in
            let client = try server.connect()
            #expect(try await client.exchange(Wire.get("/1"))["Connection"] == "close")
            #expect(try await client.remainder() == [])
        }
    }

    @Test func `HEAD gets the fields of GET and no content`() async throws {
        try await withServer { server in
            let client = try server.connect()
            let toGet = try await client.exchange(Wire.get("/octets/10"))
            try await client.send(Wire.head("HEAD /octets/10 HTTP/1.1"))
            let toHead = try await client.response(toHead: true)
            #expect(toHead.fields.map(\.name) == toGet.fields.map(\.name))
            #expect(toHead["Content-Length"] == "10")
            // Content behind that head would be taken for the next response.
            #expect(try await client.exchange(Wire.get("/next")).text == "/next")
        }
    }

    @Test func `a status without content leaves the connection in step`() async throws {
        try await withServer { server in
            let client = try server.connect()
            let response = try await client.exchange(Wire.get("/nothing"))
            #expect(response.status == 204 && response["Content-Length"] == nil)
            #expect(try await client.exchange(Wire.get("/next")).text == "/next")
        }
    }

    @Test func `the cause of a failure is not sent`() async throws {
        try await withServer { server in
            let response = try await server.exchange(Wire.get("/failure"))
            #expect(response.status == 500)
            #expect(response["Content-Type"] == "application/problem+json")
            #expect(!response.text.contains("Cause"))
        }
    }
}
