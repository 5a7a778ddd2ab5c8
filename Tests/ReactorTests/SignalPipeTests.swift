import Glibc
import Reactor
import Testing

@Suite("Signals", .timeLimit(.minutes(1)))
struct SignalPipeTests {
    @Test func `caught signals come one by one, in their order`() throws {
        let signals = try SignalPipe(catching: [SIGUSR1, SIGUSR2])
        #expect(signals.next(within: .zero) == nil)
        for signal in [SIGUSR2, SIGUSR1, SIGUSR2] {
            kill(getpid(), signal)
            #expect(signals.next(within: .seconds(60)) == signal)
        }
        #expect(signals.next(within: .milliseconds(1)) == nil)
    }

    @Test func `what is ignored is known`() {
        SignalPipe.ignore(SIGWINCH)
        #expect(SignalPipe.isIgnored(SIGWINCH))
        #expect(!SignalPipe.isIgnored(SIGXCPU))
    }
}
