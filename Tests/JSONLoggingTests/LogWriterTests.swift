import Ambient
import Testing

@testable import JSONLogging

@Suite("The writer")
struct LogWriterTests {
    /// Takes as many octets of each write as its script says, and all when that is at its end.
    private final class ScriptedOutput: LogOutput {
        private var script: ArraySlice<Int>
        private(set) var text = ""

        init(taking counts: [Int]) { script = counts[...] }

        func write(_ octets: Span<UInt8>) -> Int {
            let count = min(script.popFirst() ?? octets.count, octets.count)
            octets.extracting(first: count).withUnsafeBufferPointer {
                text += String(decoding: $0, as: UTF8.self)
            }
            return count
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Octets that the output takes of each write; 0 is a refusal.
        let taken: [Int]
        /// What is appended before each batch.
        let batches: [[String]]
        let expected: String
        let linesDropped: Int
    }

    @Test(arguments: [
        Case(
            testDescription: "all is taken", taken: [], batches: [["one", "two"], ["three"]],
            expected: "one\ntwo\nthree\n", linesDropped: 0),
        Case(
            testDescription: "nothing is taken once: the next batch tells", taken: [0],
            batches: [["one", "two"], ["three"]],
            expected: "three\n<2 dropped>\n", linesDropped: 2),
        Case(
            testDescription: "it takes a little at a time", taken: [1, 4, 3, 2],
            batches: [["one", "two"], ["three"]], expected: "one\ntwo\nthree\n", linesDropped: 0),
        Case(
            testDescription: "it breaks off between lines", taken: [4, 0],
            batches: [["one", "two"], ["three"]],
            expected: "one\nthree\n<1 dropped>\n", linesDropped: 1),
        Case(
            testDescription: "it breaks off inside a line: the next begins on a line of its own",
            taken: [6, 0], batches: [["one", "two"], ["three"]],
            expected: "one\ntw\nthree\n<1 dropped>\n", linesDropped: 1),
        Case(
            testDescription: "it breaks off inside a line and takes nothing for a while",
            taken: [6, 0, 0, 0], batches: [["one", "two"], ["three"], ["four"], ["five"]],
            expected: "one\ntw\nfive\n<3 dropped>\n", linesDropped: 3),
        Case(
            testDescription: "the report is refused: it is given again, and not counted",
            taken: [0, 4, 0], batches: [["one"], ["two"], ["six"]],
            expected: "two\nsix\n<1 dropped>\n", linesDropped: 1),
    ])
    func refusals(_ given: Case) throws {
        let output = ScriptedOutput(taking: given.taken)
        let queue = try LogQueue(octetsMax: 1000)
        let style = LogStyle(format: .text)
        let start = Timestamp(microsecondsSince1970: 0)
        var writer = LogWriter(
            queue: queue, output: output, style: style, clock: .fixed(at: start))
        for lines in given.batches {
            for line in lines { queue.append(Array("\(line)\n".utf8)) }
            writer.writeBatches()
        }
        let text = output.text.split(separator: "\n").map { line in
            line.split(separator: "lines_dropped=").dropFirst().first.map { "<\($0) dropped>" }
                ?? String(line)
        }
        #expect(text.map { "\($0)\n" }.joined() == given.expected)
        #expect(queue.linesDropped == given.linesDropped)
    }
}
