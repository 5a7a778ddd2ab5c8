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

    /// The number of the descriptor on which the service is to listen; nil if it is given none.
    /// - Parameter process: The number of this process: what is meant for another one is not ours.
    func listeningDescriptor(of process: pid_t) throws(StartFailure) -> CInt? {
        guard let socketCount, socketsProcess == "\(process)" else { return nil }
        guard let count = CInt(socketCount), count >= 0 else {
            throw .passedSockets("LISTEN_FDS=\(socketCount) is no number")
        }
        guard count <= 1 else {
            let names = socketNames.map { ": \($0)" } ?? ""
            throw .passedSockets(
                "\(count) sockets are passed to the service, which takes one\(names)")
        }
        return count == 1 ? Self.firstDescriptor : nil
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
