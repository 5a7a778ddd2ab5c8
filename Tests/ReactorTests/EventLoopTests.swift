import Ambient
import Glibc
import Synchronization
import Testing

@testable import Reactor

/// An actor that lives on a loop, as connections do.
private actor Inhabitant {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(loop: EventLoop) { self.loop = loop }

    func isOnLoop() -> Bool { loop.isCurrent }

    func isOnLoopAfterCalling(_ other: Inhabitant) async -> Bool {
        let otherIsOnLoop = await other.isOnLoop()
        return otherIsOnLoop && loop.isCurrent
    }

    func register(_ descriptor: CInt) throws(SystemError) -> SlotID {
        try loop.register(descriptor)
    }

    func waitUntilReadable(_ slot: SlotID, for limit: Duration?) async -> Readiness {
        await loop.waitUntilReadable(slot, deadline: limit.map { loop.now + $0 })
    }

    func exhaust(_ slot: SlotID) { loop.readingExhausted(slot) }

    func deregister(_ slot: SlotID) { loop.deregister(slot) }

    func timersLeft() -> Int { loop.timers.count }

    func record(turnsEnds participant: Participant) -> [String] {
        loop.callAtEndOfTurn(participant, .batches)
        participant.events.withLock { $0.append("job") }
        return participant.events.withLock { $0 }
    }
}

private final class Participant: TurnParticipant, Sendable {
    let events = Mutex<[String]>([])

    func turnEnded() { events.withLock { $0.append("end of turn") } }
}

/// Tells a participant of when he is told, and has another one take part while he is being told.
private final class Successor: TurnParticipant {
    let name: String
    let witness: Participant
    let loop: EventLoop
    let next: TurnPhase?

    init(_ name: String, _ witness: Participant, on loop: EventLoop, next: TurnPhase? = nil) {
        self.name = name
        self.witness = witness
        self.loop = loop
        self.next = next
    }

    func turnEnded() {
        witness.events.withLock { $0.append("\(name) in turn \(loop.turn)") }
        guard let next else { return }
        loop.callAtEndOfTurn(Successor("\(name) again", witness, on: loop), next)
    }
}

extension Inhabitant {
    /// Has three take part, of whom two do so again while they are told.
    /// - Returns: The turn in which it happens.
    fileprivate func haveThreeTakePart(before witness: Participant) -> UInt64 {
        loop.callAtEndOfTurn(Successor("answer", witness, on: loop), .answers)
        loop.callAtEndOfTurn(Successor("batch 1", witness, on: loop, next: .answers), .batches)
        loop.callAtEndOfTurn(Successor("batch 2", witness, on: loop, next: .batches), .batches)
        return loop.turn
    }

    /// Whether the loop lets go of whoever has been told.
    fileprivate func letsGoOfWhoeverIsTold() async -> Bool {
        weak var told: Participant?
        do {
            let participant = Participant()
            told = participant
            loop.callAtEndOfTurn(participant, .answers)
        }
        // The first may come still in this turn, before its end.
        for _ in 0..<2 { await loop.yield() }
        return told == nil
    }
}

@Suite("Event loop")
struct EventLoopTests {
    @Test func `an actor on a loop runs on the loop's thread`() async throws {
        try await withLoop { resident, _ in
            #expect(await resident.isOnLoop())
        }
    }

    @Test func `a loop takes the processor from nobody when it is woken, but others do`()
        async throws
    {
        let loop = try EventLoop()
        try loop.start()
        defer { loop.stop() }
        // Of sched(7); Swift's Glibc does not have the first.
        let (batch, usual) = (CInt(3), CInt(0))
        #expect(await loop.run { _ in sched_getscheduler(0) } == batch)
        #expect(sched_getscheduler(0) == usual)
    }

    @Test func `a call from one actor of a loop to another stays on its thread`() async throws {
        try await withLoop { resident, loop in
            let other = Inhabitant(loop: loop)
            #expect(await resident.isOnLoopAfterCalling(other))
        }
    }

    @Test func `what is run on the loop runs on its thread, also after a wait`() async throws {
        try await withLoop { _, loop in
            let isCurrent = await loop.run { _ in
                let before = loop.isCurrent
                await loop.yield()
                return before && loop.isCurrent
            }
            #expect(isCurrent)
        }
    }

    @Test func `a sleep ends with its time, or when its task is cancelled, and leaves no timer`()
        async throws
    {
        try await withLoop { resident, loop in
            await loop.sleep(for: .milliseconds(1))
            let sleeping = Task { await loop.sleep(for: .seconds(3600)) }
            while await resident.timersLeft() == 0 { await Task.yield() }
            sleeping.cancel()
            await sleeping.value
            let cancelled = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                await loop.sleep(for: .seconds(3600))
            }
            await cancelled.value
            #expect(await resident.timersLeft() == 0)
        }
    }

    @Test func `a gate lets a task pass that comes after it was opened, and no second one`()
        async throws
    {
        try await withLoop { _, loop in
            let passed = Counter()
            await loop.run { _ in
                let gate = Gate(loop: loop)
                gate.open()
                await gate.pass()
                passed.increment()
                _ = loop.schedule(at: loop.now + .milliseconds(1)) {
                    #expect(passed.value == 1)
                    gate.open()
                }
                await gate.pass()
                passed.increment()
            }
            #expect(passed.value == 2)
        }
    }

    @Test func `a descriptor becomes readable when its peer writes`() async throws {
        try await withLoop { resident, _ in
            let pair = try SocketPair()
            let slot = try await resident.register(pair.near)
            async let readiness = resident.waitUntilReadable(slot, for: nil)
            pair.writeFar("x")
            #expect(await readiness == .ready)
            await resident.deregister(slot)
        }
    }

    @Test func `a descriptor stays ready until it is exhausted`() async throws {
        try await withLoop { resident, _ in
            let pair = try SocketPair()
            let slot = try await resident.register(pair.near)
            pair.writeFar("x")
            #expect(await resident.waitUntilReadable(slot, for: nil) == .ready)
            #expect(await resident.waitUntilReadable(slot, for: .zero) == .ready)
            await resident.exhaust(slot)
            #expect(await resident.waitUntilReadable(slot, for: .zero) == .timedOut)
            await resident.deregister(slot)
        }
    }

    @Test func `a peer that is gone keeps its descriptor readable`() async throws {
        try await withLoop { resident, _ in
            let pair = try SocketPair()
            let slot = try await resident.register(pair.near)
            pair.closeFar()
            #expect(await resident.waitUntilReadable(slot, for: nil) == .ready)
            await resident.exhaust(slot)
            #expect(await resident.waitUntilReadable(slot, for: nil) == .ready)
            await resident.deregister(slot)
        }
    }

    @Test func `deregistering ends the wait and leaves no timer`() async throws {
        try await withLoop { resident, _ in
            let pair = try SocketPair()
            let slot = try await resident.register(pair.near)
            async let readiness = resident.waitUntilReadable(slot, for: .seconds(3600))
            while await resident.timersLeft() == 0 { await Task.yield() }
            await resident.deregister(slot)
            #expect(await readiness == .closed)
            #expect(await resident.timersLeft() == 0)
            #expect(await resident.waitUntilReadable(slot, for: nil) == .closed)
        }
    }

    @Test func `a slot's successor is not touched by the old name`() async throws {
        try await withLoop { resident, _ in
            let pair = try SocketPair()
            let first = try await resident.register(pair.near)
            await resident.deregister(first)
            let second = try await resident.register(pair.near)
            #expect(first != second)
            await resident.deregister(first)
            pair.writeFar("x")
            #expect(await resident.waitUntilReadable(second, for: nil) == .ready)
            await resident.deregister(second)
        }
    }

    @Test func `the end of a turn comes after its jobs`() async throws {
        try await withLoop { resident, _ in
            let participant = Participant()
            #expect(await resident.record(turnsEnds: participant) == ["job"])
            while participant.events.withLock({ $0.count }) < 2 { await Task.yield() }
            #expect(participant.events.withLock { $0 } == ["job", "end of turn"])
        }
    }

    @Test func `batches are told before answers, who takes part again once more`() async throws {
        try await withLoop { resident, _ in
            let witness = Participant()
            let turn = await resident.haveThreeTakePart(before: witness)
            while witness.events.withLock({ $0.count }) < 5 { await Task.yield() }
            #expect(
                witness.events.withLock { $0 } == [
                    "batch 1 in turn \(turn)", "batch 2 in turn \(turn)",
                    "answer in turn \(turn)", "batch 1 again in turn \(turn)",
                    "batch 2 again in turn \(turn + 1)",
                ])
            #expect(await resident.letsGoOfWhoeverIsTold())
        }
    }

    @Test func `ten thousand jobs from other threads all run`() async throws {
        try await withLoop { _, loop in
            let count = Counter()
            await withTaskGroup { group in
                for _ in 0..<10_000 {
                    group.addTask { await loop.run { _ in count.increment() } }
                }
            }
            #expect(count.value == 10_000)
        }
    }

    private func withLoop(_ body: (Inhabitant, EventLoop) async throws -> Void) async throws {
        let loop = try EventLoop()
        try loop.start()
        defer { loop.stop() }
        try await body(Inhabitant(loop: loop), loop)
    }
}
