import HTTP
import HTTPServer
import Testing

@testable import App

@Suite("Limits of HTTP, from variables to the server")
struct HTTPSettingsTests {
    @Test func `every variable reaches the limit of its name`() throws {
        // No two values are the same, so none can stand in another's place.
        let server = HTTPServerConfiguration(
            try ServiceConfiguration(
                from: .test([
                    "DATABASE_URL": "url", "HTTP_REQUEST_LINE_MAX": "1001",
                    "HTTP_METHOD_MAX": "12", "HTTP_HEADER_SECTION_MAX": "1024",
                    "HTTP_HEADER_FIELD_MAX": "1004", "HTTP_HEADER_FIELD_COUNT_MAX": "105",
                    "HTTP_BODY_MAX": "1026", "HTTP_CHUNK_LINE_MAX": "107",
                    "HTTP_CHUNK_EXTENSIONS_MAX": "108", "HTTP_READ_AHEAD_MAX": "4109",
                    "HTTP_UNREAD_BODY_MAX": "110", "HTTP_FIRST_BYTE_TIMEOUT": "11s",
                    "HTTP_HEADER_TIMEOUT": "12s", "HTTP_BODY_TIMEOUT": "13s",
                    "HTTP_BODY_RATE_MIN": "114", "HTTP_WRITE_TIMEOUT": "15s",
                    "HTTP_WRITE_RATE_MIN": "123",
                    "HTTP_IDLE_TIMEOUT": "16s", "HTTP_LINGER_TIMEOUT": "17s",
                    "HTTP_CONNECTIONS_MAX": "118", "HTTP_CONNECTIONS_PER_ADDRESS_MAX": "119",
                    "HTTP_CONNECTION_REQUESTS_MAX": "120", "HTTP_CONNECTION_AGE_MAX": "21s",
                    "HTTP_BACKLOG": "122",
                ])
            ).http)
        #expect(server.request.requestLineBytesMax == 1001)
        #expect(server.request.methodBytesMax == 12)
        #expect(server.request.headerBytesMax == 1024)
        #expect(server.request.trailerBytesMax == 1024)
        #expect(server.request.fieldBytesMax == 1004)
        #expect(server.request.fieldCountMax == 105)
        #expect(server.request.trailerCountMax == 105)
        #expect(server.request.bodyBytesMax == 1026)
        #expect(server.request.chunkLineBytesMax == 107)
        #expect(server.request.chunkExtensionBytesMax == 108)
        #expect(server.unsentBytesMax == 4109)
        #expect(server.discardedBytesMax == 110)
        #expect(server.firstOctetTimeout == .seconds(11))
        #expect(server.headTimeout == .seconds(12))
        #expect(server.bodyTimeout == .seconds(13))
        #expect(server.bodyBytesPerSecondMin == 114)
        #expect(server.writeTimeout == .seconds(15))
        #expect(server.writeBytesPerSecondMin == 123)
        #expect(server.idleTimeout == .seconds(16))
        #expect(server.lingerTimeout == .seconds(17))
        #expect(server.connectionsMax == 118)
        #expect(server.connectionsPerClientMax == 119)
        #expect(server.requestsPerConnectionMax == 120)
        #expect(server.connectionLifetime == .seconds(21))
        #expect(server.backlog == 122)
    }

    @Test func `the defaults are those of the server itself`() throws {
        let server = HTTPServerConfiguration(
            try ServiceConfiguration(from: .test(["DATABASE_URL": "url"])).http)
        #expect("\(server)" == "\(HTTPServerConfiguration())")
    }

    @Test(arguments: [
        ("HTTP_BODY_RATE_MIN", "-1"), ("HTTP_BODY_RATE_MIN", "off"),
        ("HTTP_BODY_RATE_MIN", "2GiB"), ("HTTP_WRITE_RATE_MIN", "-1"),
        ("HTTP_CONNECTIONS_PER_ADDRESS_MAX", "0"),
        ("HTTP_CONNECTIONS_PER_ADDRESS_MAX", "off"), ("HTTP_CONNECTIONS_MAX", "0"),
    ])
    func `a limit that means nothing is refused`(_ name: String, _ value: String) {
        let error = #expect(throws: InvalidConfiguration.self) {
            try ServiceConfiguration(from: .test(["DATABASE_URL": "url", name: value]))
        }
        #expect(error?.description.hasPrefix("\(name): ") == true)
    }

    @Test func `the rate of bodies can be switched off, and clients need no limit`() throws {
        let settings = try ServiceConfiguration(
            from: .test([
                "DATABASE_URL": "url", "HTTP_BODY_RATE_MIN": "0",
                "HTTP_CONNECTIONS_PER_ADDRESS_MAX": "",
            ])
        ).http
        #expect(settings.patience.bodyRateMin == 0)
        #expect(settings.connections.perAddressMax == nil)
    }
}
