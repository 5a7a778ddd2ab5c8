import Ambient
import JSON
import Logging
import Testing

@testable import JSONLogging

@Suite("Events through swift-log")
struct JSONLogHandlerTests {
    private struct Fault: Error, CustomStringConvertible {
        let description = "the disk\nis full"
    }

    @Test func `a line has the four common members first and then the metadata, sorted`() throws {
        let text = try logged { logger in
            logger.info(
                "User registered successfully",
                metadata: .keyed([.userID: "019a", .eventLoops: .stringConvertible(2)]))
        }
        #expect(
            text == #"{"timestamp":"2026-11-22T20:46:00.123456Z","log_level":"INFO","#
                + #""service":"user-management","message":"User registered successfully","#
                + #""event_loops":2,"user_id":"019a"}"# + "\n")
    }

    @Test(arguments: [
        (Logger.Level.trace, "DEBUG"), (.debug, "DEBUG"), (.info, "INFO"), (.notice, "INFO"),
        (.warning, "WARNING"), (.error, "ERROR"), (.critical, "CRITICAL"),
    ])
    func `levels have the names of Python's logging`(level: Logger.Level, name: String) throws {
        let line = try parsed(logged { $0.log(level: level, "event") })
        #expect(line["log_level"] == .string(name))
    }

    @Test func `events below the level are not written`() throws {
        let text = try logged { logger in
            logger.logLevel = .warning
            logger.info("one")
            logger.warning("two")
        }
        #expect(text.split(separator: "\n").count == 1)
        #expect(text.contains("two"))
    }

    @Test(arguments: [
        "a\nb", "a\r\nb", "\u{2028}\u{2029}\u{85}\u{B}\u{C}", "\u{0}\u{1F}\u{7F}", #""\/"#,
        "пользователь 🔑 👩‍👩‍👧", "\u{FFFD}", "}\n{\"log_level\":\"INFO\"",
        String(repeating: "é", count: 100_000),
    ])
    func `any text is one line that parses and says the same`(_ text: String) throws {
        let output = try logged { logger in
            logger.info("\(text)", metadata: [text: .string(text), "list": [.string(text)]])
        }
        #expect(output.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
        let line = try parsed(output)
        #expect(line["message"] == .string(text))
        #expect(line[text] == .string(text))
        #expect(line["list"] == .array([.string(text)]))
    }

    @Test func `nested metadata is nested JSON`() throws {
        let line = try parsed(
            logged { logger in
                logger.info(
                    "event",
                    metadata: [
                        "outer": [
                            "list": ["a", .stringConvertible(1), .stringConvertible(true)],
                            "empty": .dictionary([:]),
                        ]
                    ])
            })
        let outer = line["outer"]?.object
        #expect(outer?["empty"] == .object(JSONObject()))
        #expect(outer?["list"] == .array([.string("a"), .integer(1), .bool(true)]))
    }

    @Test func `metadata cannot pass for a common member`() throws {
        let line = try parsed(
            logged { $0.info("event", metadata: ["message": "x", "log_level": "y"]) })
        #expect(line["message"] == .string("event"))
        #expect(line["message_"] == .string("x"))
        #expect(line["log_level_"] == .string("y"))
    }

    @Test func `of metadata under one key the event's counts, then the provider's`() throws {
        let provider = Logger.MetadataProvider { ["a": "provider", "b": "provider"] }
        let line = try parsed(
            logged(provider: provider) { logger in
                logger[metadataKey: "a"] = "logger"
                logger[metadataKey: "b"] = "logger"
                logger[metadataKey: "c"] = "logger"
                logger.info("event", metadata: ["a": "event"])
            })
        #expect(line["a"] == .string("event"))
        #expect(line["b"] == .string("provider"))
        #expect(line["c"] == .string("logger"))
    }

    @Test func `an error is a field of its own`() throws {
        let line = try parsed(logged { $0.error("event", error: Fault()) })
        #expect(line["error"] == .string("the disk\nis full"))
    }

    @Test func `a logger's metadata and level are its own`() throws {
        let text = try logged { logger in
            var other = logger
            other[metadataKey: "a"] = "other"
            other.logLevel = .critical
            logger.info("event")
        }
        #expect(!text.contains("other"))
    }

    struct TextCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var message = "event"
        var metadata: Logger.Metadata = [:]
        var isColoured = false
        let expected: String
    }

    @Test(arguments: [
        TextCase(testDescription: "a message", expected: "INFO     event"),
        TextCase(
            testDescription: "plain values", metadata: ["a": "b", "n": .stringConvertible(1)],
            expected: "INFO     event a=b n=1"),
        TextCase(
            testDescription: "values that need quotes",
            metadata: ["a": "b c", "b": "", "c": "x=y", "d": "\"", "e": "\\"],
            expected: #"INFO     event a="b c" b="" c="x=y" d="\"" e="\\""#),
        TextCase(
            testDescription: "nested values", metadata: ["a": ["b": ["c", "d"]]],
            expected: #"INFO     event a={"b":["c","d"]}"#),
        TextCase(
            testDescription: "control characters",
            message: "a\n\"b\"\u{1B}[31m\u{9B}\u{2028}", metadata: ["c\n": "\u{9B}"],
            expected: #"INFO     a\u000a"b"\u001b[31m\u009b\u2028 c\u000a="\u009b""#),
        TextCase(
            testDescription: "colours", metadata: ["a": "b"], isColoured: true,
            expected: "\u{1B}[32mINFO    \u{1B}[0m event \u{1B}[2ma\u{1B}[0m=b"),
    ])
    func `text is for people`(_ given: TextCase) throws {
        let text = try logged(style: LogStyle(format: .text, isColoured: given.isColoured)) {
            $0.info("\(given.message)", metadata: given.metadata)
        }
        let time = "2026-11-22T20:46:00.123456Z"
        let shown = given.isColoured ? "\u{1B}[2m\(time)\u{1B}[0m" : time
        #expect(text == "\(shown) \(given.expected)\n")
    }

    @Test func `JSON is never coloured`() {
        #expect(!LogStyle(format: .json, isColoured: true).isColoured)
    }

    /// What a handler writes while `body` uses a logger of it.
    private func logged(
        style: LogStyle = LogStyle(format: .json), provider: Logger.MetadataProvider? = nil,
        _ body: (inout Logger) -> Void
    ) throws -> String {
        let pipe = try TestPipe()
        let time = try #require(Timestamp(rfc3339: "2026-11-22T20:46:00.123456Z"))
        let sink = try LogSink(
            descriptor: pipe.writeEnd, style: style, clock: .fixed(at: time))
        var logger = Logger(label: "test") { _ in
            JSONLogHandler(
                sink: sink, level: .trace, clock: .fixed(at: time), metadataProvider: provider)
        }
        body(&logger)
        var octets: [UInt8] = []
        while octets.last != UInt8(ascii: "\n") { octets += try pipe.read() }
        #expect(sink.close(within: .seconds(30)))
        return String(decoding: octets, as: UTF8.self)
    }

    private func parsed(_ text: String) throws -> JSONObject {
        let value = try JSONParser.parse(Array(text.utf8).span)
        return try #require(value.object)
    }
}

extension JSONValue {
    fileprivate var object: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }
}
