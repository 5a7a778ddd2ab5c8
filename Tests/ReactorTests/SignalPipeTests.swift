import Glibc
import Reactor
import Testing

@Suite("Signals", .timeLimit(.minutes(1)))
struct SignalPipeTests {
    @Test func `caught signals come one by one, in their order, whichever thread they came to`()
        throws
    {
        let signals = try SignalPipe(catching: [SIGUSR1, SIGUSR2])
        #expect(signals.next(within: .zero) == nil)
        let sent = [SIGUSR2, SIGUSR1, SIGUSR2]
        let thread = try SystemThread(name: "raising") {
            // It has inherited what the threads of tests block.
            var signals = sigset_t()
            sigemptyset(&signals)
            for signal in sent { sigaddset(&signals, signal) }
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            for signal in sent { raise(signal) }
        }
        thread.join()
        for signal in sent { #expect(signals.next(within: .seconds(60)) == signal) }
        #expect(signals.next(within: .milliseconds(1)) == nil)
    }

    @Test func `what is ignored is known`() {
        SignalPipe.ignore(SIGWINCH)
        #expect(SignalPipe.isIgnored(SIGWINCH))
        #expect(!SignalPipe.isIgnored(SIGXCPU))
    }
}
