import Ambient
import Glibc
import JSONLogging
import Logging
import Reactor
import ServiceLifecycle

/// `user-management serve`.
package enum ServeCommand {
    /// Longest wait for the last log lines to be written at the end.
    private static let flushTimeout: Duration = .seconds(2)

    /// Serves until a signal ends it. To be called once, before there are other threads.
    /// - Throws: ``StartFailure``.
    package static func run(_ environment: Environment) async throws {
        let passed = ManagerVariables.taken()
        let configuration = try ServiceConfiguration.forCommand(environment)
        let signals = try catchSignals()
        let sink = try openSink(configuration)
        defer { sink.close(within: flushTimeout) }
        let level = configuration.logging.level
        let isTraced = configuration.traces.collector != nil
        let logger = Logger(label: LogStyle.defaultService) { _ in
            JSONLogHandler(
                sink: sink, level: level, clock: .system,
                metadataProvider: isTraced ? .traceIDs : nil)
        }
        for unknown in environment.unknownVariables { logger.warning("\(unknown)") }
        let application = try Application(
            configuration, logger: logger, sink: sink, passed: passed)
        // What the library logs of its own is of no use to operators.
        let silence = Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() }
        let group = ServiceGroup(services: [application], logger: silence)
        let watch = ShutdownWatch(
            shutdown: configuration.shutdown.whole, logger: logger, sink: sink)
        do throws(SystemError) {
            try watch.begin(signals) { Task { await group.triggerGracefulShutdown() } }
        } catch {
            throw StartFailure.system(error)
        }
        try await group.run()
    }

    /// From now on signals wait for whoever asks, and writing to whom nobody reads is an error of
    /// its own.
    private static func catchSignals() throws(StartFailure) -> SignalPipe {
        SignalPipe.ignore(SIGPIPE)
        do {
            return try SignalPipe(catching: ShutdownWatch.signals)
        } catch {
            throw .system(error)
        }
    }

    private static func openSink(
        _ configuration: ServiceConfiguration
    ) throws(StartFailure) -> LogSink {
        let loopCount = try Application.loopCount(configuration)
        let format = configuration.logging.format
        do {
            let sink = try LogSink(
                descriptor: STDOUT_FILENO, style: LogStyle(format: format, output: STDOUT_FILENO),
                clock: .system, loopCount: loopCount)
            try sink.writeOnTrap()
            return sink
        } catch {
            throw .log("\(error)")
        }
    }
}

extension ServiceConfiguration {
    /// Reads the configuration of a command that is about to begin.
    static func forCommand(
        _ environment: Environment
    ) throws(StartFailure) -> ServiceConfiguration {
        do {
            return try ServiceConfiguration(from: environment)
        } catch {
            throw .configuration(error)
        }
    }
}
