import HTTPTesting
import Logging
import Reactor
import Testing

@testable import App

@Suite("Telling a service manager", .timeLimit(.minutes(1)))
struct ServiceManagerTests {
    @Test(arguments: [
        (
            ServiceManager.News.ready(address: "[::]:8000"),
            "READY=1\nSTATUS=Serving on [::]:8000"
        ),
        (
            .stopping(within: .seconds(30)),
            "STOPPING=1\nSTATUS=Draining\nEXTEND_TIMEOUT_USEC=30000000"
        ),
        (.alive, "WATCHDOG=1"),
    ])
    func `each piece of news is one datagram`(
        _ given: (news: ServiceManager.News, text: String)
    ) async throws {
        let listener = try NotifySocket()
        listener.manager().tell(given.news)
        #expect(try await listener.next() == given.text)
    }

    @Test func `it is told of life only while every loop turns`() async throws {
        let listener = try NotifySocket()
        let loops = try EventLoopGroup(count: 2)
        defer { loops.stop() }
        let manager = listener.manager(watchdogMicroseconds: "1000")
        let reporting = Task { await manager.reportLife(of: loops) }
        for _ in 0..<3 { #expect(try await listener.next() == "WATCHDOG=1") }
        let (isStuck, release) = (Occurrences(), try NotifySocket())
        let stuck = Task {
            await loops.loops[1].run { _ in
                isStuck.happened()
                release.block()
            }
        }
        await isStuck.wait()
        // What was on its way is told; then there is silence, of a hundred times the interval.
        while try await listener.next(within: 100) != nil {}
        release.manager().tell(.alive)
        await stuck.value
        #expect(try await listener.next() == "WATCHDOG=1")
        reporting.cancel()
        await reporting.value
    }

    @Test func `one who does not read holds no loop, and is told of life again when he does`()
        async throws
    {
        let listener = try NotifySocket()
        let loops = try EventLoopGroup(count: 1)
        defer { loops.stop() }
        let manager = listener.manager(watchdogMicroseconds: "1000")
        while manager.tell(.alive) {}
        let reporting = Task(executorPreference: loops.loops[0]) {
            await manager.reportLife(of: loops)
        }
        // If each attempt waited for room, these would take a quarter of an hour.
        for _ in 0..<1000 { await loops.loops[0].run { _ in } }
        for _ in 0..<100 { #expect(try await listener.next() == "WATCHDOG=1") }
        reporting.cancel()
        await reporting.value
    }

    @Test(arguments: ["", "notify", "@", "/" + String(repeating: "x", count: 107)])
    func `what is no address is told nothing`(_ address: String) {
        #expect(UnixAddress(address) == nil)
    }
}
