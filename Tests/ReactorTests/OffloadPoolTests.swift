import Glibc
import Synchronization
import Testing

@testable import Reactor

@Suite("Offload pool")
struct OffloadPoolTests {
    @Test func `work runs on a thread of the pool and its value comes back`() async throws {
        let pool = try OffloadPool(name: "test", threads: 1, queueMax: 1)
        let worker = try await pool.run { pthread_self() }
        #expect(worker != 0 && worker != pthread_self())
        pool.stop()
    }

    @Test func `of two callers for the last place one is refused, and the other counts as queued`()
        async throws
    {
        let pool = try OffloadPool(name: "test", threads: 1, queueMax: 1)
        let gate = try Gate()
        let blocking = Task { try await pool.run { gate.pass() } }
        await gate.waitUntilReached()
        await withTaskGroup { group in
            for _ in 0..<2 { group.addTask { await Self.outcome(of: pool) } }
            // The thread is busy, so whoever has an answer now was refused.
            #expect(await group.next() == .some(.queueFull))
            #expect(pool.queuedCount == 1)
            gate.open()
            #expect(await group.next() == .some(nil))
            #expect(pool.queuedCount == 0)
        }
        try await blocking.value
        pool.stop()
    }

    @Test func `a stopped pool has finished what was queued and takes no more`() async throws {
        let pool = try OffloadPool(name: "test", threads: 2, queueMax: 100)
        let done = Counter()
        await withTaskGroup { group in
            for _ in 0..<50 {
                group.addTask { try? await pool.run { done.increment() } }
            }
        }
        pool.stop()
        #expect(done.value == 50)
        #expect(await Self.outcome(of: pool) == .stopped)
    }

    @Test func `who asks on a loop goes on there, served or refused`() async throws {
        let pool = try OffloadPool(name: "test", threads: 1, queueMax: 1)
        let loop = try EventLoop()
        try loop.start()
        defer { loop.stop() }
        let (wasElsewhere, isBack) = await loop.run { _ in
            let wasElsewhere = try? await pool.run { !loop.isCurrent }
            return (wasElsewhere, loop.isCurrent)
        }
        #expect(wasElsewhere == true && isBack)
        pool.stop()
        let (refusal, isStillThere) = await loop.run { _ in
            (await Self.outcome(of: pool), loop.isCurrent)
        }
        #expect(refusal == .stopped && isStillThere)
    }

    private static func outcome(of pool: OffloadPool) async -> OffloadPool.Refusal? {
        do {
            try await pool.run {}
            return nil
        } catch {
            return error
        }
    }

    @Test func `a write that nobody reads is an error on a thread of ours, and ends nothing`()
        async throws
    {
        let pool = try OffloadPool(name: "writing", threads: 1, queueMax: 1)
        defer { pool.stop() }
        let code = try await pool.run { () -> CInt in
            var ends: [CInt] = [0, 0]
            guard socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends) == 0 else { return -1 }
            close(ends[1])
            // As PQcancel sends, without MSG_NOSIGNAL.
            let code = send(ends[0], "x", 1, 0) == -1 ? errno : 0
            close(ends[0])
            return code
        }
        #expect(code == EPIPE)
    }
}

/// A door that a thread waits at until it is opened.
private final class Gate: Sendable {
    private let wakeUp: WakeUp
    private let reached = Counter()

    init() throws { wakeUp = try WakeUp(counts: true, blocks: true) }

    func pass() {
        reached.increment()
        wakeUp.wait()
    }

    func open() { wakeUp.signal() }

    func waitUntilReached() async {
        while reached.value == 0 { await Task.yield() }
    }
}

/// A number that several threads count up.
final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .sequentiallyConsistent) }

    func increment() { count.add(1, ordering: .sequentiallyConsistent) }
}
