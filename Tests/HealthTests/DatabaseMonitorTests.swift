import HTTPTesting
import Health
import Synchronization
import Testing
import Tracing

@Suite("Database monitor", .timeLimit(.minutes(2)))
struct DatabaseMonitorTests {
    @Test func `a report serves for a second`() async throws {
        let probe = TestProbe(.up)
        try await withMonitor(probe) { test in
            #expect(await test.monitor.report() == .up)
            probe.answer(.down)
            await test.advance(by: .milliseconds(999))
            #expect(await test.monitor.report() == .up)
            #expect(probe.looks.count == 1)
            await test.advance(by: .milliseconds(1))
            #expect(await test.monitor.report() == .down)
            #expect(probe.looks.count == 2)
        }
    }

    @Test func `a look is no part of the trace of whoever asks`() async throws {
        let probe = TestProbe(.up)
        try await withMonitor(probe) { test in
            await InstrumentationContext.withValue(.topLevel) {
                #expect(InstrumentationContext.current != nil)
                #expect(await test.monitor.report() == .up)
            }
            #expect(probe.looks.count == 1 && !probe.isInTrace)
        }
    }

    @Test func `who watches hears of the database though nobody asks`() async throws {
        let probe = TestProbe(.up)
        let reports = Mutex<[DatabaseReport]>([])
        try await withMonitor(probe, onReport: { report in reports.withLock { $0.append(report) } })
        {
            test in
            let watching = Task { await test.monitor.watch() }
            while reports.withLock({ $0.isEmpty }) { await test.advance(by: .zero) }
            probe.answer(.down)
            // The wait may begin after the time has passed that it is to take.
            while reports.withLock({ $0.count < 2 }) { await test.advance(by: .seconds(2)) }
            watching.cancel()
            await watching.value
            #expect(reports.withLock { Array($0.prefix(2)) } == [.up, .down])
        }
    }

    @Test func `many who ask at once cost one look`() async throws {
        let probe = TestProbe(nil)
        try await withMonitor(probe) { test in
            var asking: [Task<DatabaseReport, Never>] = []
            for _ in 0..<50 { asking.append(await test.ask()) }
            probe.answer(.up)
            for task in asking { #expect(await task.value == .up) }
            #expect(probe.looks.count == 1)
        }
    }

    @Test func `a database that does not answer within 200 ms is down`() async throws {
        let probe = TestProbe(nil)
        try await withMonitor(probe) { test in
            let asking = await test.ask()
            await test.advance(by: .milliseconds(199))
            let joining = await test.ask()
            await test.advance(by: .milliseconds(1))
            #expect(await asking.value == .down)
            #expect(await joining.value == .down)
            // Who asks now is told at once.
            #expect(await test.monitor.report() == .down)
            #expect(probe.looks.count == 1)
        }
    }

    @Test func `while a look hangs, questions are answered and no other begins`() async throws {
        let probe = TestProbe(nil)
        try await withMonitor(probe) { test in
            for _ in 0..<3 {
                let asking = await test.ask()
                await test.advance(by: .milliseconds(200))
                #expect(await asking.value == .down)
                await test.advance(by: .seconds(1))
            }
            #expect(probe.looks.count == 1)
        }
    }

    @Test func `an answer that came too late does not make the database up`() async throws {
        let probe = TestProbe(nil)
        try await withMonitor(probe) { test in
            let asking = await test.ask()
            await test.advance(by: .milliseconds(200))
            #expect(await asking.value == .down)
            await test.advance(by: .milliseconds(50))
            probe.answer(.up)
            await test.advance(by: .milliseconds(50))
            #expect(await test.monitor.report() == .down)
        }
    }

    @Test func `a database that answers again is up a second later`() async throws {
        let probe = TestProbe(nil)
        try await withMonitor(probe) { test in
            let asking = await test.ask()
            await test.advance(by: .milliseconds(200))
            #expect(await asking.value == .down)
            probe.answer(.up)
            await test.advance(by: .seconds(1))
            #expect(await test.monitor.report() == .up)
        }
    }

    @Test func `who waits for a look that hung gets a new one when it ends`() async throws {
        let probe = TestProbe(nil)
        try await withMonitor(probe) { test in
            let first = await test.ask()
            await test.advance(by: .milliseconds(200))
            #expect(await first.value == .down)
            await test.advance(by: .seconds(1))
            let second = await test.ask()
            probe.answer(.up)
            #expect(await second.value == .up)
            #expect(probe.looks.count == 2)
        }
    }
}
