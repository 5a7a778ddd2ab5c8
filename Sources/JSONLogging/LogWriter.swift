import Ambient
import CLinux
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
                writeBatches()
            case .write: writeBatches()
            case .stop: return queue.writerStopped()
            }
        }
    }

    /// Writes what has been appended to each buffer, and after it how many lines were lost.
    mutating func writeBatches() {
        for index in 0..<queue.bufferCount {
            let batch = queue.take(from: index)
            guard !batch.isEmpty else { continue }
            let linesRefused = write(batch)
            linesToReport += batch.linesLost + linesRefused
            if linesRefused == 0, linesToReport > 0 { reportLoss() }
            queue.ended(batch, of: index, linesLost: linesRefused)
        }
    }

    /// Writes whole lines; returns how many of them the output refused.
    private mutating func write(_ batch: LogBuffer.Batch) -> Int {
        let memory = queue.memory
        var written = 0
        if endLine() {
            while written < batch.octetCount {
                let count = memory.withOctets(of: batch.page, in: written..<batch.octetCount) {
                    write($0, of: batch.page)
                }
                guard count > 0 else { break }
                written += count
            }
        }
        return memory.withOctets(of: batch.page, in: written..<batch.octetCount) {
            $0.lineBreakCount
        }
    }

    /// Begins a new line if the output broke off inside one; false if it refuses that.
    private mutating func endLine() -> Bool {
        !isInsideLine || write([LineBreak.octet].span, of: nil) == 1
    }

    /// Writes some of `octets`, of a page if they lie in one; returns how many, 0 if the output
    /// refuses them.
    private mutating func write(_ octets: Span<UInt8>, of page: Int?) -> Int {
        // Nobody else writes meanwhile, and if the process traps, nothing is written twice.
        linux_writing_begins()
        defer { linux_writing_ended() }
        let count = output.write(octets)
        guard count > 0 else { return 0 }
        if let page { queue.memory.advance(page, by: count) }
        isInsideLine = octets[count - 1] != LineBreak.octet
        return count
    }

    /// Writes how many lines were lost; if that is refused too, the next batch tells it.
    private mutating func reportLoss() {
        var line = LogLine(
            style, at: clock.now(), severity: .warning, message: "Log lines dropped")
        line.add(.linesDropped, .integer(Int64(linesToReport)))
        let octets = line.octets
        guard endLine() else { return }
        var written = 0
        while written < octets.count {
            let count = write(octets.span.extracting(written...), of: nil)
            guard count > 0 else { return }
            written += count
        }
        linesToReport = 0
    }
}

private enum LineBreak {
    static let octet = UInt8(ascii: "\n")
}

extension Span<UInt8> {
    fileprivate var lineBreakCount: Int {
        var count = 0
        for index in indices where self[index] == LineBreak.octet { count += 1 }
        return count
    }
}
