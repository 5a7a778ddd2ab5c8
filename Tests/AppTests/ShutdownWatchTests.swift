import Ambient
import Glibc
import JSONLogging
import Logging
import Synchronization
import Testing

@testable import App

@Suite("Watching over the end of the process")
struct ShutdownWatchTests {
    private let start = MonotonicTime.now

    /// What is asked for signals and shutdowns until the process is to end.
    private func watch(_ given: [CInt]) throws -> (status: CInt, limits: [Duration?]) {
        let output = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { close(output) }
        let sink = try LogSink(
            descriptor: output, style: LogStyle(format: .json), clock: .system)
        defer { sink.close(within: .seconds(5)) }
        let time = Mutex(start)
        let watch = ShutdownWatch(
            shutdown: .seconds(25), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            sink: sink, now: { time.withLock { $0 } })
        var signals = given
        var limits: [Duration?] = []
        var shutdowns = 0
        let status = watch.status { limit in
            limits.append(limit)
            time.withLock { $0 += .seconds(20) }
            return signals.isEmpty ? nil : signals.removeFirst()
        } shutDown: {
            #expect(limits.count == 1)
            shutdowns += 1
        }
        #expect(shutdowns == 1)
        return (status, limits)
    }

    @Test(arguments: [
        (signals: [SIGTERM, SIGTERM], status: CInt(143)),
        (signals: [SIGTERM, SIGINT], status: CInt(130)),
        (signals: [SIGHUP, SIGTERM], status: CInt(143)),
        (signals: [SIGTERM], status: CInt(1)),
    ])
    func `the first signal asks for a shutdown, the second or too long a wait ends the process`(
        _ given: (signals: [CInt], status: CInt)
    ) throws {
        let seen = try watch(given.signals)
        #expect(seen.status == given.status)
        #expect(seen.limits == [nil, .seconds(30)])
    }

    @Test(arguments: [
        (signals: [SIGHUP, SIGHUP, SIGHUP, SIGINT], status: CInt(130)),
        (signals: [SIGINT, SIGHUP, SIGHUP], status: CInt(1)),
    ])
    func `SIGHUP is no second signal, and makes the wait no longer`(
        _ given: (signals: [CInt], status: CInt)
    ) throws {
        let seen = try watch(given.signals)
        #expect(seen.status == given.status)
        #expect(seen.limits == [nil, .seconds(30), .seconds(10), .zero])
    }
}
