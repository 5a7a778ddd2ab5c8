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

    /// How often it is told of life within ``watchdogInterval``, and how often it is tried where it
    /// cannot be told.
    private static let (beats, attempts) = (2, 16)

    /// What reaches it; nil if there is nobody.
    private let sender: UnixSender?
    /// The longest silence after which it takes the process for stuck; nil if it does not care.
    let watchdogInterval: Duration?
    private let logger: Logger

    init(_ variables: ManagerVariables, logger: Logger) {
        sender = variables.notifySocket.flatMap { Self.sender(to: $0, logger) }
        watchdogInterval = sender == nil ? nil : variables.watchdogInterval(of: getpid())
        self.logger = logger
    }

    private static func sender(to text: String, _ logger: Logger) -> UnixSender? {
        guard let address = UnixAddress(text) else {
            logger.warning("NOTIFY_SOCKET is no address of a socket: \(text)")
            return nil
        }
        do throws(SystemError) {
            return try UnixSender(to: address)
        } catch {
            complain(error, logger)
            return nil
        }
    }

    private static func complain(_ error: SystemError, _ logger: Logger) {
        logger.warning(
            "The service manager cannot be told", metadata: .keyed([.error: "\(error)"]))
    }

    /// Tells it something. Not for event loops, but for ``News/alive``, for which it does not wait.
    /// - Parameter complains: Whether a failure is logged.
    /// - Returns: Whether there is nobody, or it has been told.
    @discardableResult
    func tell(_ news: News, complains: Bool = true) -> Bool {
        guard let sender else { return true }
        do throws(SystemError) {
            try sender.send(news.text, waits: news != .alive)
            return true
        } catch {
            if complains { Self.complain(error, logger) }
            return false
        }
    }

    /// Tells it that the process is alive, while all loops turn, and soon again where it could not
    /// be told; until the task is cancelled.
    func reportLife(of loops: EventLoopGroup) async {
        guard let watchdogInterval else { return }
        var wasTold = true
        while !Task.isCancelled {
            for loop in loops.loops { await loop.run { _ in } }
            // One complaint for each time that it does not listen.
            wasTold = tell(.alive, complains: wasTold)
            let pause = watchdogInterval / (wasTold ? Self.beats : Self.attempts)
            await loops.loops[0].sleep(for: pause)
        }
    }
}
