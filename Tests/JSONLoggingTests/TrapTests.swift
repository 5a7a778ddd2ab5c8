import Ambient
import CLinux
import Glibc
import Testing

@testable import JSONLogging

@Suite("Lines that wait while the process traps")
struct TrapTests {
    enum End: String, CaseIterable, Codable, Sendable {
        case precondition, nullPointer, abort, signalFromOutside

        /// Ends the process.
        func reach() {
            switch self {
            case .precondition: preconditionFailure("It was to happen.")
            case .nullPointer:
                _ = UnsafePointer<UInt8>(bitPattern: 8)?.pointee
            case .abort: Glibc.abort()
            case .signalFromOutside:
                kill(getpid(), SIGBUS)
                // Another thread may be the one that it comes to, and a little later.
                while true { pause() }
            }
        }

        /// The signal that is seen to have ended it.
        var signals: Set<CInt> {
            switch self {
            case .precondition: [SIGILL, SIGTRAP]
            case .nullPointer: [SIGSEGV]
            case .abort: [SIGABRT]
            case .signalFromOutside: [SIGBUS]
            }
        }
    }

    /// Lines of each buffer, together less than a pipe holds: who reads may wait for the end.
    private static let lineCount = 1_500

    @Test(arguments: End.allCases)
    func `each is written once and whole, and the process ends as it would without`(
        end: End
    ) async throws {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardOutputContent]
        ) { [end] in
            let sink = try LogSink(
                descriptor: STDOUT_FILENO, style: LogStyle(format: .json), clock: .system,
                loopCount: 2)
            try sink.writeOnTrap()
            for buffer in -1...1 {
                linux_set_loop_of_current_thread(CInt(buffer))
                for number in 0..<TrapTests.lineCount {
                    sink.append(Array("<\(buffer) \(number)>\n".utf8))
                }
            }
            end.reach()
        }
        let ended = try #require(result)
        guard case .signal(let signal) = ended.exitStatus else {
            Issue.record("It ended with \(ended.exitStatus).")
            return
        }
        #expect(end.signals.contains(signal))
        let output = String(decoding: ended.standardOutputContent, as: UTF8.self)
        let lines = output.split(separator: "\n").filter { $0.contains("<") || $0.contains(">") }
        for buffer in -1...1 {
            let own = lines.filter { $0.hasPrefix("<\(buffer) ") }
            #expect(own == (0..<Self.lineCount).map { "<\(buffer) \($0)>" })
        }
        #expect(lines.count == 3 * Self.lineCount)
    }

    @Test func `a reader that takes nothing does not keep the process`() async throws {
        await #expect(processExitsWith: .signal(SIGABRT)) {
            let pipe = try TestPipe()
            let sink = try LogSink(
                descriptor: pipe.writeEnd, style: LogStyle(format: .json), clock: .system)
            try sink.writeOnTrap()
            for number in 0..<20_000 { sink.append(Array("\(number)\n".utf8)) }
            Glibc.abort()
        }
    }

    @Test func `a reader that has gone does not change how the process ends`() async throws {
        await #expect(processExitsWith: .signal(SIGABRT)) {
            let pipe = try TestPipe()
            let sink = try LogSink(
                descriptor: pipe.writeEnd, style: LogStyle(format: .json), clock: .system)
            try sink.writeOnTrap()
            pipe.loseReader()
            sink.append(Array("a line\n".utf8))
            Glibc.abort()
        }
    }
}
