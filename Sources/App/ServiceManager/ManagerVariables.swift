import Glibc

/// What a service manager such as systemd has put into the environment for this process alone; no
/// part of the configuration. Values as they were given; nil where nothing was.
package struct ManagerVariables: Sendable {
    /// Where the process tells how it fares, sd_notify(3).
    var notifySocket: String?
    /// For how many microseconds it may be silent, sd_watchdog_enabled(3), and who is meant.
    var watchdogMicroseconds: String?
    var watchdogProcess: String?
    /// How many sockets it is given, sd_listen_fds(3), who is meant, and their names.
    var socketCount: String?
    var socketsProcess: String?
    var socketNames: String?

    /// What a process has that nobody manages.
    package init() {}

    /// Takes them out of the environment, so that they are not handed on. To be called before there
    /// are threads that read it, unsetenv(3).
    package static func taken() -> ManagerVariables {
        var variables = ManagerVariables()
        variables.notifySocket = take("NOTIFY_SOCKET")
        variables.watchdogMicroseconds = take("WATCHDOG_USEC")
        variables.watchdogProcess = take("WATCHDOG_PID")
        variables.socketCount = take("LISTEN_FDS")
        variables.socketsProcess = take("LISTEN_PID")
        variables.socketNames = take("LISTEN_FDNAMES")
        return variables
    }

    private static func take(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        defer { unsetenv(name) }
        return String(cString: value)
    }

    /// The sockets on which the service is to listen: one for everything, whatever its name, or two
    /// that are told apart by their names, `http` and `metrics`.
    /// - Parameter process: The number of this process: what is meant for another one is not ours.
    func sockets(of process: pid_t) throws(StartFailure) -> PassedSockets {
        guard let socketCount, socketsProcess == "\(process)" else { return PassedSockets() }
        guard let count = CInt(socketCount), count >= 0 else {
            throw .passedSockets("LISTEN_FDS=\(socketCount) is no number")
        }
        guard count > 1 else {
            return PassedSockets(http: count == 1 ? Self.firstDescriptor : nil)
        }
        switch (count, socketNames) {
        case (2, "http:metrics"):
            return PassedSockets(http: Self.firstDescriptor, metrics: Self.firstDescriptor + 1)
        case (2, "metrics:http"):
            return PassedSockets(http: Self.firstDescriptor + 1, metrics: Self.firstDescriptor)
        default:
            let names = socketNames.map { ": \($0)" } ?? ""
            throw .passedSockets(
                "\(count) sockets are passed to the service, which takes one, or two with the "
                    + "names http and metrics\(names)")
        }
    }

    /// `SD_LISTEN_FDS_START`.
    private static let firstDescriptor: CInt = 3

    /// The longest that the process may be silent; nil if it may always be.
    /// - Parameter process: The number of this process.
    func watchdogInterval(of process: pid_t) -> Duration? {
        guard watchdogProcess == nil || watchdogProcess == "\(process)",
            let microseconds = watchdogMicroseconds.flatMap({ Int64($0) }), microseconds > 0
        else { return nil }
        return .microseconds(microseconds)
    }
}

/// The numbers of the descriptors that a service manager has the service listen on; nil for those
/// that it is to make itself.
struct PassedSockets: Equatable {
    var http: CInt?
    /// In the place of `METRICS_PORT`.
    var metrics: CInt?
}

extension ServiceConfiguration {
    /// The same with a port for `/metrics` if there is a socket for it.
    func served(on sockets: PassedSockets) -> ServiceConfiguration {
        var configuration = self
        if sockets.metrics != nil { configuration.metricsPort = configuration.metricsPort ?? 0 }
        return configuration
    }
}
