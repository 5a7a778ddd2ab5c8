import Ambient
import HTTPTesting
import Testing

@testable import HTTPServer

@Suite("Deadline of a body", .timeLimit(.minutes(2)))
struct BodyDeadlineTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Octets that are taken, and when, in milliseconds after the end of the head.
        var pieces: [(count: Int, time: Int)] = []
        /// Octets a second.
        var rate = 500
        /// Milliseconds after the end of the head, of which the time-out gives 1,000.
        let deadline: Int
    }

    @Test(arguments: [
        Case(testDescription: "nothing has come", deadline: 1000),
        Case(testDescription: "one octet", pieces: [(1, 900)], deadline: 1002),
        Case(
            testDescription: "a drip", pieces: (1...90).map { (1, $0 * 10) }, deadline: 1180),
        Case(
            testDescription: "what comes at the lowest rate earns its own time",
            pieces: [(250, 500), (250, 1000), (250, 1500)], deadline: 2500),
        Case(
            testDescription: "what comes faster earns no longer silence",
            pieces: [(1_000_000, 10)], deadline: 1010),
        Case(
            testDescription: "the silence counts from the newest octets",
            pieces: [(1_000_000, 10), (1, 700)], deadline: 1700),
        Case(testDescription: "framing alone", pieces: [(0, 500), (0, 900)], deadline: 1000),
        Case(
            testDescription: "framing moves no silence", pieces: [(1_000, 10), (0, 900)],
            deadline: 1010),
        Case(
            testDescription: "no rate, and much has come",
            pieces: [(1_000_000, 10), (1_000_000, 900)], rate: 0, deadline: 1000),
        Case(
            testDescription: "as many octets as can be counted",
            pieces: [(.max, 1)], rate: 1, deadline: 1001),
    ])
    func `it moves with what has come, at the lowest rate`(_ given: Case) {
        var configuration = HTTPServerConfiguration()
        configuration.bodyTimeout = .seconds(1)
        configuration.bodyBytesPerSecondMin = given.rate
        let start = MonotonicTime.now
        var state = ConnectionState(configuration: configuration, openedAt: start)
        // What an earlier request sent earns nothing for this one.
        state.headArrived(isPersistent: true, now: start)
        state.bodyBytesTaken(1_000_000, now: start)
        state.answered(now: start)
        let headArrivedAt = start + .seconds(5)
        state.headArrived(isPersistent: true, now: headArrivedAt)
        for piece in given.pieces {
            state.bodyBytesTaken(piece.count, now: headArrivedAt + .milliseconds(piece.time))
        }
        #expect(state.readDeadline == headArrivedAt + .milliseconds(given.deadline))
        #expect(state.expiry == .refuse)
    }

    /// A time-out that the test can afford to outlast.
    private static let short = Duration.milliseconds(150)

    @Test(arguments: [
        (Wire.postHead("/echo", length: 100_000), "x"),
        (Wire.chunked("/echo", ""), "1\r\nx\r\n"),
        (Wire.chunked("/echo", "1;x="), "x"),
        (Wire.chunked("/echo", "0\r\nX: "), "x"),
    ])
    func `a drip is cut off with 408, whatever it is a drip of`(
        _ beginning: String, _ piece: String
    ) async throws {
        try await withServer { configuration in
            configuration.bodyTimeout = Self.short
            // Thousands of octets in a second are a drip here.
            configuration.bodyBytesPerSecondMin = 100_000
        } _: { server in
            let client = try server.connect()
            let start = MonotonicTime.now
            try await client.send(beginning)
            try await client.drip(piece, pauseMilliseconds: 10)
            let response = try await client.response()
            #expect(response.status == 408 && response["Connection"] == "close")
            #expect(MonotonicTime.now - start >= Self.short)
            #expect(try await client.remainder() == [])
        }
    }

    @Test func `a body above the rate may take longer than the time-out`() async throws {
        try await withServer { configuration in
            configuration.bodyTimeout = .seconds(3)
            configuration.bodyBytesPerSecondMin = 10
        } _: { server in
            let client = try server.connect()
            let start = MonotonicTime.now
            let content = String(repeating: "x", count: 240)
            let request = Wire.postHead("/echo", length: content.utf8.count) + content
            // In one go, so that nothing but the pauses comes between the pieces.
            try await client.send(Array(request.utf8), pieceLength: 4, pauseMilliseconds: 60)
            #expect(try await client.response().text == content)
            #expect(MonotonicTime.now - start > .seconds(4))
        }
    }

    @Test func `without a rate a body that comes steadily has the time-out alone`() async throws {
        try await withServer { configuration in
            configuration.bodyTimeout = Self.short
            configuration.bodyBytesPerSecondMin = 0
        } _: { server in
            let client = try server.connect()
            try await client.send(Wire.postHead("/echo", length: 1 << 20))
            try await client.drip(String(repeating: "x", count: 256), pauseMilliseconds: 10)
            #expect(try await client.response().status == 408)
        }
    }

    @Test func `all but the last octet at once earns no long wait for that`() async throws {
        try await withServer { configuration in
            configuration.bodyTimeout = Self.short
            configuration.bodyBytesPerSecondMin = 1
        } _: { server in
            let client = try server.connect()
            let content = String(repeating: "x", count: 100_000)
            try await client.send(Wire.postHead("/echo", length: 100_001) + content)
            #expect(try await client.response().status == 408)
        }
    }
}
