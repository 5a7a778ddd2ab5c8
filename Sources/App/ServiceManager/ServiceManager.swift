import Glibc
import Logging
import JSONLogging
import Reactor

/// Who has started the process and wants to know how it fares, such as systemd: sd_notify(3).
/// Where there is nobody, nothing is sent.
struct ServiceManager: Sendable {
    /// What it is told.
    enum News: Equatable, Sendable {
        /// The service serves, at this address.
        case ready(address: String)
        /// The service stops, which takes so long.
        case stopping(within: Duration)
        /// Every loop turns.
        case alive

        /// Assignments, a line each.
        var text: String {
            switch self {
            case .ready(let address): "READY=1\nSTATUS=Serving on \(address)"
            case .stopping(let time):
                "STOPPING=1\nSTATUS=Draining\n"
                    + "EXTEND_TIMEOUT_USEC=\(Int64(time / .microseconds(1)))"
            case .alive: "WATCHDOG=1"
            }
        }
    }

    /// Where it listens; nil if there is nobody.
    private let address: UnixAddress?
    /// The longest silence after which it takes the process for stuck; nil if it does not care.
    let watchdogInterval: Duration?
    private let logger: Logger

    init(_ variables: ManagerVariables, logger: Logger) {
        address = variables.notifySocket.flatMap(UnixAddress.init)
        watchdogInterval = address == nil ? nil : variables.watchdogInterval(of: getpid())
        self.logger = logger
        if let text = variables.notifySocket, address == nil {
            logger.warning("NOTIFY_SOCKET is no address of a socket: \(text)")
        }
    }

    /// Tells it something. Not for event loops, but for ``News/alive``, for which it does not wait.
    /// - Returns: Whether there is nobody, or it has been told.
    @discardableResult
    func tell(_ news: News) -> Bool {
        guard let address else { return true }
        do throws(SystemError) {
            try address.send(news.text, waits: news != .alive)
            return true
        } catch {
            logger.warning(
                "The service manager cannot be told", metadata: .keyed([.error: "\(error)"]))
            return false
        }
    }

    /// Tells it that the process is alive, twice in its interval, while all loops turn, and soon
    /// again where it could not be told; until the task is cancelled.
    func reportLife(of loops: EventLoopGroup) async {
        guard let watchdogInterval else { return }
        while !Task.isCancelled {
            for loop in loops.loops { await loop.run { _ in } }
            let wasTold = tell(.alive)
            await loops.loops[0].sleep(for: watchdogInterval / (wasTold ? 2 : 16))
        }
    }
}
