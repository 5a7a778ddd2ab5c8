import CLinux
import Glibc

/// A thread of the operating system, pthreads(7). Its owner joins it, once; it is never detached.
package final class SystemThread: Sendable {
    private let handle: pthread_t

    /// What the new thread is handed through `pthread_create`.
    private final class Start {
        let name: String
        let nice: CInt
        let body: @Sendable () -> Void

        init(name: String, nice: CInt, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.nice = nice
            self.body = body
        }
    }

    /// Starts a thread that runs `body` once.
    /// - Parameters:
    ///   - name: What `ps` and `perf` show, at most 15 octets.
    ///   - nice: Steps of priority to give up, 0 to 19.
    package init(name: String, nice: CInt = 0, _ body: @escaping @Sendable () -> Void)
        throws(SystemError)
    {
        var handle = pthread_t()
        let start = Unmanaged.passRetained(Start(name: name, nice: nice, body: body))
        let code = pthread_create(
            &handle, nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                blockBrokenPipes()
                linux_name_current_thread(start.name)
                if start.nice > 0 { linux_nice_current_thread(start.nice) }
                start.body()
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw SystemError(call: "pthread_create", code: code)
        }
        self.handle = handle
    }

    /// Waits for the thread to end; pthread_join(3). To be called once.
    package func join() {
        pthread_join(handle, nil)
    }
}

/// Makes a write to a pipe or a socket without a reader an error of its own on this thread, instead
/// of a SIGPIPE that would end the process: not every library asks for that, PQcancel of libpq does
/// not (signal(7), send(2)).
private func blockBrokenPipes() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
}
