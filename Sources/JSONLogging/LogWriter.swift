import Ambient
import JSON

/// The loop of the writer's thread: takes what was appended and writes it, until the sink is
/// closed.
struct LogWriter<Output: LogOutput> {
    /// How long lines are gathered before they are written, so that many share one write.
    static var gatherTime: Duration { .milliseconds(5) }

    private let queue: LogQueue
    private let output: Output
    private let style: LogStyle
    private let clock: WallClock

    private var batch = LogBuffer.Batch()
    /// Lines that were lost and that no line has told of yet.
    private var linesToReport = 0
    /// Whether the output broke off inside a line.
    private var isInsideLine = false

    init(queue: LogQueue, output: Output, style: LogStyle, clock: WallClock) {
        self.queue = queue
        self.output = output
        self.style = style
        self.clock = clock
    }

    /// Runs until the sink is closed and everything is written.
    mutating func run() {
        while true {
            switch queue.nextStep() {
            case .sleep: queue.wake.wait()
            case .gather:
                _ = queue.wake.wait(upTo: Self.gatherTime)
                writeBatch()
            case .write: writeBatch()
            case .stop: return queue.writerStopped()
            }
        }
    }

    /// Writes what has been appended, and after it how many lines were lost.
    mutating func writeBatch() {
        queue.exchange(&batch)
        let linesRefused = write(batch.octets)
        linesToReport += batch.linesLost + linesRefused
        if linesRefused == 0, linesToReport > 0 { reportLoss() }
        queue.batchEnded(linesLost: linesRefused)
        batch.octets.removeAll(keepingCapacity: true)
        batch.linesLost = 0
    }

    /// Writes whole lines; returns how many of them the output refused.
    private mutating func write(_ lines: [UInt8]) -> Int {
        let lineBreak = UInt8(ascii: "\n")
        var written = 0
        if !isInsideLine || output.write([lineBreak].span) == 1 {
            written = output.write(lines.span)
            isInsideLine = written > 0 && lines[written - 1] != lineBreak
        }
        return lines[written...].count { $0 == lineBreak }
    }

    /// Writes how many lines were lost; if that is refused too, the next batch tells it.
    private mutating func reportLoss() {
        var line = LogLine(
            style, at: clock.now(), severity: .warning, message: "Log lines dropped")
        line.add(.linesDropped, .integer(Int64(linesToReport)))
        if write(line.octets) == 0 { linesToReport = 0 }
    }
}
