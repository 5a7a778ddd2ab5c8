import Ambient
import Glibc
import JSONLogging
import Logging
import Reactor

/// Sees to it that the process ends when it is asked to. The first signal asks for a graceful
/// shutdown; a second one ends the process at once, and so does a shutdown that takes too long.
/// SIGHUP is no second one: a terminal that is closed may send several, and nobody has asked twice.
///
/// It has a thread of its own, which neither a loop that is stuck nor a wait without an end can
/// keep from that.
struct ShutdownWatch: Sendable {
    /// How much longer than it should a shutdown may take.
    static let margin: Duration = .seconds(5)
    /// Longest wait for log lines to be written before the process ends at once.
    private static let flushTimeout: Duration = .milliseconds(500)

    /// The longest that a graceful shutdown takes if nothing is stuck.
    let shutdown: Duration
    let logger: Logger
    let sink: LogSink
    /// What the time is; injected so that a test can hold it still.
    var now: @Sendable () -> MonotonicTime = { .now }

    /// The signals that ask the process to end. SIGHUP, which a terminal sends that is closed, is
    /// left alone where nohup(1) has it ignored.
    static var signals: [CInt] {
        [SIGTERM, SIGINT] + (SignalPipe.isIgnored(SIGHUP) ? [] : [SIGHUP])
    }

    /// Begins to watch, until the process ends.
    /// - Parameter shutDown: Begins the graceful shutdown.
    func begin(
        _ signals: consuming SignalPipe, shutDown: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        let pipe = Pipe(signals: signals)
        // Nobody joins the thread: it ends with the process.
        _ = try SystemThread(name: "shutdown") {
            _exit(
                status {
                    pipe.signals.next(within: $0)
                } shutDown: {
                    shutDown()
                })
        }
    }

    /// Waits until the process is to end at once.
    /// - Parameter next: Waits for a signal, or for so long without one.
    /// - Returns: The status that the process is to end with: 128 and the number of the second
    ///   signal, as shells have it, or 1.
    func status(
        next: (_ within: Duration?) -> CInt?, shutDown: () -> Void
    ) -> CInt {
        var first: CInt?
        while first == nil { first = next(nil) }
        logger.notice(
            "Asked to stop", metadata: .keyed([.signal: "\(Self.name(first ?? 0))"]))
        shutDown()
        defer { sink.flush(within: Self.flushTimeout) }
        let deadline = now() + shutdown + Self.margin
        var second: CInt?
        repeat { second = next(max(.zero, deadline - now())) } while second == SIGHUP
        guard let second else {
            logger.critical("Ended at once: the shutdown took too long")
            return 1
        }
        logger.warning(
            "Ended at once: asked to stop a second time",
            metadata: .keyed([.signal: "\(Self.name(second))"]))
        return 128 + second
    }

    private static func name(_ signal: CInt) -> String {
        switch signal {
        case SIGTERM: "SIGTERM"
        case SIGINT: "SIGINT"
        case SIGHUP: "SIGHUP"
        default: "\(signal)"
        }
    }

    /// Lets a closure own the pipe.
    private final class Pipe: Sendable {
        let signals: SignalPipe
        init(signals: consuming SignalPipe) { self.signals = signals }
    }
}
