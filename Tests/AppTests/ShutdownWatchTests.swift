import Ambient
import Glibc
import JSONLogging
import Logging
import Testing

@testable import App

@Suite("Watching over the end of the process")
struct ShutdownWatchTests {
    @Test(arguments: [
        (signals: [SIGTERM, SIGTERM], status: CInt(143)),
        (signals: [SIGTERM, SIGINT], status: CInt(130)),
        (signals: [SIGHUP, SIGTERM], status: CInt(143)),
        (signals: [SIGINT, SIGHUP], status: CInt(129)),
        (signals: [SIGTERM], status: CInt(1)),
    ])
    func `the first signal asks for a shutdown, the second or too long a wait ends the process`(
        _ given: (signals: [CInt], status: CInt)
    ) throws {
        let output = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { close(output) }
        let sink = try LogSink(
            descriptor: output, style: LogStyle(format: .json), clock: .system)
        defer { sink.close(within: .seconds(5)) }
        let watch = ShutdownWatch(
            shutdown: .seconds(25), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            sink: sink)
        var signals = given.signals
        var limits: [Duration?] = []
        var shutdowns = 0
        let status = watch.status { limit in
            limits.append(limit)
            return signals.isEmpty ? nil : signals.removeFirst()
        } shutDown: {
            #expect(limits.count == 1)
            shutdowns += 1
        }
        #expect(status == given.status)
        #expect(limits == [nil, .seconds(30)])
        #expect(shutdowns == 1)
    }
}
