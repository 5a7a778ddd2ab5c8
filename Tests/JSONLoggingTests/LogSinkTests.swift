import Ambient
import Glibc
import Testing

@testable import JSONLogging

@Suite("The sink")
struct LogSinkTests {
    private let clock = WallClock.fixed(at: Timestamp(microsecondsSince1970: 0))
    private let patience: Duration = .seconds(30)

    @Test func `lines arrive whole and in order`() throws {
        let pipe = try TestPipe()
        let sink = try sink(to: pipe)
        for number in 0..<1000 { sink.append(line(number)) }
        #expect(sink.flush(within: patience))
        let lines = try pipe.readLines { $0.count == 1000 }
        #expect(lines.map(String.init) == (0..<1000).map { "line \($0)" })
        #expect(sink.close(within: patience))
    }

    @Test func `closing writes what is there`() throws {
        let pipe = try TestPipe()
        let sink = try sink(to: pipe)
        sink.append(line(1))
        #expect(sink.close(within: patience))
        #expect(try pipe.read() == line(1))
    }

    @Test func `closing again does nothing, and a line after it is dropped`() throws {
        let pipe = try TestPipe()
        let sink = try sink(to: pipe)
        #expect(sink.close(within: patience))
        #expect(sink.close(within: patience))
        sink.append(line(1))
        #expect(sink.linesDropped == 1)
        #expect(sink.flush(within: patience))
    }

    @Test(arguments: [false, true])
    func `what finds the buffer full is dropped and told, and no line is split`(
        isNonBlocking: Bool
    ) throws {
        let pipe = try TestPipe()
        if isNonBlocking { pipe.makeWritesNonBlocking() }
        let sink = try sink(to: pipe, bufferOctetsMax: 4096)
        let count = 50_000
        for number in 0..<count { sink.append(line(number)) }

        let lines = try pipe.readLines { tally($0).all >= count }
        let (all, dropped) = tally(lines)
        #expect(all == count)
        #expect(dropped == sink.linesDropped)
        #expect(dropped > 0)
        #expect(sink.close(within: patience))
    }

    @Test func `lines of many threads stay whole, and each thread's stay in order`() async throws {
        let pipe = try TestPipe()
        let sink = try sink(to: pipe)
        await withTaskGroup { group in
            for task in 0..<8 {
                group.addTask {
                    for number in 0..<200 { sink.append(Array("\(task) \(number)\n".utf8)) }
                }
            }
        }
        let lines = try pipe.readLines { $0.count == 1600 }
        for task in 0..<8 {
            let numbers = lines.filter { $0.hasPrefix("\(task) ") }.map { $0.dropFirst(2) }
            #expect(numbers.map(String.init) == (0..<200).map(String.init))
        }
        #expect(sink.close(within: patience))
    }

    @Test func `an output that takes nothing holds neither callers nor closing`() throws {
        let pipe = try TestPipe()
        let sink = try sink(to: pipe, bufferOctetsMax: 4096)
        var count = 0
        // Until the pipe is full and the writer waits for it.
        repeat {
            for number in count..<count + 1000 { sink.append(line(number)) }
            count += 1000
        } while sink.flush(within: .milliseconds(100))
        #expect(!sink.close(within: .milliseconds(1)))
        // The writer is left to itself and ends when all is read.
        #expect(sink.linesDropped > 0)
        _ = try pipe.readLines { tally($0).all == count }
    }

    @Test func `a reader that has gone costs the lines and nothing else`() throws {
        let pipe = try TestPipe()
        pipe.loseReader()
        let sink = try sink(to: pipe)
        sink.append(line(1))
        #expect(sink.flush(within: patience))
        sink.append(line(2))
        #expect(sink.close(within: patience))
        #expect(sink.linesDropped == 2)
    }

    @Test func `a full disk costs the lines and nothing else`() throws {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        defer { _ = close(full) }
        let sink = try LogSink(descriptor: full, style: LogStyle(format: .json), clock: clock)
        sink.append(line(1))
        #expect(sink.close(within: patience))
        #expect(sink.linesDropped == 1)
    }

    private func sink(
        to pipe: TestPipe, bufferOctetsMax: Int = LogSink.bufferOctetsMax
    ) throws -> LogSink {
        try LogSink(
            descriptor: pipe.writeEnd, style: LogStyle(format: .json), clock: clock,
            bufferOctetsMax: bufferOctetsMax)
    }

    private func line(_ number: Int) -> [UInt8] { Array("line \(number)\n".utf8) }

    /// How many lines were written or told of as dropped, and how many were dropped.
    private func tally(_ lines: [Substring]) -> (all: Int, dropped: Int) {
        let whole = lines.count { $0.hasPrefix("line ") }
        let dropped = lines.compactMap { line in
            line.split(separator: #""lines_dropped":"#).dropFirst().first
                .flatMap { Int($0.dropLast()) }
        }.reduce(0, +)
        return (whole + dropped, dropped)
    }
}
