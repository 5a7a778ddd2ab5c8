import Ambient
import Glibc
import Testing

@testable import Reactor

@Suite("Waiting for either direction of a descriptor")
struct EitherDirectionTests {
    /// What of a socket's two directions is to be taken for exhausted before the wait.
    private func wait(
        exhausted: Bool = true, for duration: Duration? = nil,
        meanwhile: @escaping @Sendable (SocketPair, EventLoop, SlotID) -> Void = { _, _, _ in }
    ) async throws -> Readiness {
        let loop = try EventLoop()
        try loop.start()
        defer { loop.stop() }
        return try await loop.run { _ in
            let pair = try SocketPair()
            let slot = try loop.register(pair.near)
            // The kernel says at once that there is room; that report is to be over.
            await loop.yield()
            await loop.yield()
            if exhausted { loop.writingExhausted(slot) }
            _ = loop.schedule(at: loop.now) { meanwhile(pair, loop, slot) }
            let deadline = duration.map { loop.now + $0 }
            let outcome = await loop.waitUntilReadableOrWritable(slot, deadline: deadline)
            // Neither direction is left with a wait, which a second one would trap on.
            _ = await loop.waitUntilReadable(slot, deadline: loop.now)
            _ = await loop.waitUntilWritable(slot, deadline: loop.now)
            loop.deregister(slot)
            return outcome
        }
    }

    @Test func `what is writable already is not waited for`() async throws {
        #expect(try await wait(exhausted: false) == .ready)
    }

    @Test func `something to read ends the wait`() async throws {
        #expect(try await wait { pair, _, _ in pair.writeFar("x") } == .ready)
    }

    @Test func `room to write ends the wait`() async throws {
        // The peer's end is an event of both directions.
        #expect(try await wait { pair, _, _ in pair.closeFar() } == .ready)
    }

    @Test func `the deadline ends the wait`() async throws {
        #expect(try await wait(for: .milliseconds(5)) == .timedOut)
    }

    @Test func `the end of the registration ends the wait`() async throws {
        #expect(try await wait { _, loop, slot in loop.deregister(slot) } == .closed)
    }
}
