import Ambient
import Glibc
import JSON
import Logging
import Testing

@testable import JSONLogging

@Suite("Texts that do not want to be logged")
struct HostileTextTests {
    /// What a client might call itself, or put into a field.
    private static let texts = [
        "a\nb", "a\r\nb\n", "\u{0}", "\u{1}\u{8}\u{B}\u{C}\u{1B}[31m\u{7F}\u{85}\u{9B}",
        "\u{2028}\u{2029}", "\u{FEFF}\u{202E}gnp.exe", #""}],\"\\/"#, "}\n{\"log_level\":\"INFO\"}",
        "🔑 👩‍👩‍👧 e\u{301} Ω", "\u{FFFF}\u{10FFFF}\u{E000}", "",
        String(repeating: "\u{0}", count: 20_000), String(repeating: "é\n", count: 200_000),
        String(repeating: "x", count: 1_000_000),
    ]
    /// Octets that are no UTF-8: a lone surrogate, one of a pair, a stray octet, an overlong NUL, a
    /// character that breaks off.
    private static let octets: [[UInt8]] = [
        [0xed, 0xa0, 0x80], [0x61, 0xed, 0xb0, 0x80, 0x62], [0xff, 0x0a], [0xc0, 0x80],
        [0xf0, 0x9f, 0x94],
    ]

    @Test func `each is one line that says the same, however slowly it is read`() throws {
        let all = Self.texts + Self.octets.map { String(decoding: $0, as: UTF8.self) }
        let pipe = try TestPipe()
        let sink = try LogSink(
            descriptor: pipe.writeEnd, style: LogStyle(format: .json), clock: .system)
        let logger = Logger(label: "test") { _ in
            JSONLogHandler(sink: sink, level: .info, clock: .system)
        }
        let log = AccessLog(sink: sink, policy: .all)
        for text in all {
            // One that is on its way is no reason to drop the next.
            logger.info("\(text)", metadata: [LogKey.cause.text: .string(String(text.prefix(9)))])
            let line = try readLine(of: pipe)
            #expect(line["message"] == .string(text))
            #expect(line["cause"] == .string(String(text.prefix(9))))
            log.requestFinished(
                AccessRecord(
                    requestID: text, method: "-", route: "-", status: 500, duration: .zero,
                    bodyOctets: 0, client: String(text.prefix(9))),
                at: WallClock.system.now())
            let request = try readLine(of: pipe)
            #expect(request["request_id"] == .string(text))
            #expect(request["client"] == .string(String(text.prefix(9))))
        }
        #expect(sink.close(within: .seconds(30)))
        #expect(sink.linesDropped == 0)
    }

    /// Reads one line a little at a time, to its end and no further.
    private func readLine(of pipe: TestPipe) throws -> JSONObject {
        var octets: [UInt8] = []
        repeat { octets += try pipe.read(atMost: 1000) } while octets.last != UInt8(ascii: "\n")
        #expect(octets.count { $0 == UInt8(ascii: "\n") } == 1)
        octets.removeLast()
        guard case .object(let line) = try JSONParser.parse(octets.span) else {
            throw TestPipeError.nothingCame
        }
        return line
    }
}
