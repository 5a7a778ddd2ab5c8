package import Ambient
import Glibc

extension EventLoop {
    /// Watches `descriptor` until ``deregister(_:)``; on the loop's thread. The caller keeps the
    /// descriptor open as long.
    package func register(_ descriptor: CInt) throws(SystemError) -> SlotID {
        assert(isCurrent, "Off the loop's thread.")
        let index: UInt32
        if let free = freeSlots.last {
            index = free
        } else {
            index = UInt32(slots.count)
            slots.append(nil)
            generations.append(0)
            freeSlots.append(index)
        }
        let slot = Slot(generation: generations[Int(index)], descriptor: descriptor)
        let id = SlotID(index: index, generation: slot.generation)
        try poller.add(descriptor, token: id.token, .both)
        freeSlots.removeLast()
        slots[Int(index)] = slot
        return id
    }

    /// Forgets a descriptor, before it is closed; whoever waits for it is told
    /// ``Readiness/closed``.
    package func deregister(_ id: SlotID) {
        guard let slot = slot(id) else { return }
        poller.remove(slot.descriptor)
        if let timer = slot.timer { timers.cancel(timer.id) }
        slots[Int(id.index)] = nil
        generations[Int(id.index)] = id.generation &+ 1
        freeSlots.append(id.index)
        slot.reading.end(.closed)
        slot.writing.end(.closed)
    }

    /// Waits until there may be something to read, or the peer is gone, or `deadline` passes.
    /// One reader at a time.
    package func waitUntilReadable(
        _ id: SlotID, deadline: MonotonicTime?
    ) async -> Readiness {
        guard let slot = slot(id) else { return .closed }
        return await wait(id, slot, slot.reading, deadline)
    }

    /// Has `observer` told, once, when there may be something to read, or the peer is gone, or
    /// `deadline` passes, or the registration ends. It is the one reader.
    /// - Returns: false when there is nothing to wait for: the descriptor may be read now.
    package func observe(
        _ id: SlotID, deadline: MonotonicTime?, by observer: any ReadinessObserver
    ) -> Bool {
        guard let slot = slot(id), !slot.reading.isReady else { return false }
        slot.reading.begin(observer, until: deadline)
        armTimer(of: id, slot)
        return true
    }

    /// Has `observer` told, once, when the peer hangs up, whether or not anybody reads then; until
    /// the registration ends. A peer that has hung up already is not told of; ``isHungUp(_:)``.
    package func observeHangUp(_ id: SlotID, by observer: any HangUpObserver) {
        guard let slot = slot(id), !slot.isHungUp else { return }
        slot.hangUpObserver = observer
    }

    /// Whether the peer has hung up.
    package func isHungUp(_ id: SlotID) -> Bool { slot(id)?.isHungUp ?? true }

    /// Waits until there may be room to write, or the peer is gone, or `deadline` passes.
    /// One writer at a time.
    package func waitUntilWritable(
        _ id: SlotID, deadline: MonotonicTime?
    ) async -> Readiness {
        guard let slot = slot(id) else { return .closed }
        return await wait(id, slot, slot.writing, deadline)
    }

    /// Says that the last read found no more: the next wait lasts until the kernel reports anew.
    /// A read that returned fewer octets than it had room for has found no more either, epoll(7).
    /// - Returns: false when the peer is gone: there will never be more.
    @discardableResult
    package func readingExhausted(_ id: SlotID) -> Bool {
        guard let slot = slot(id), !slot.isHungUp else { return false }
        slot.reading.isReady = false
        return true
    }

    /// Says that the last write found no more room.
    package func writingExhausted(_ id: SlotID) { slot(id)?.writing.isReady = false }

    /// The slot of a registration that has not ended.
    func slot(_ id: SlotID) -> Slot? {
        assert(isCurrent, "Off the loop's thread.")
        guard let slot = slots[Int(id.index)], slot.generation == id.generation else { return nil }
        return slot
    }

    private func wait(
        _ id: SlotID, _ slot: Slot, _ lane: Lane, _ deadline: MonotonicTime?
    ) async -> Readiness {
        if lane.isReady { return .ready }
        let gate = lane.begin(on: self, until: deadline)
        armTimer(of: id, slot)
        await gate.pass()
        return lane.outcome
    }

    func eventArrived(_ event: Poller.Event, for id: SlotID) {
        guard let slot = slot(id) else { return }
        if event.isHangUp {
            slot.isHungUp = true
            slot.hangUpObserver.take()?.peerHungUp()
        }
        if event.isReadable {
            slot.reading.isReady = true
            slot.reading.end(.ready)
        }
        if event.isWritable {
            slot.writing.isReady = true
            slot.writing.end(.ready)
        }
    }

    /// Sees to it that the slot's timer fires no later than its deadline. A timer that would fire
    /// earlier is left: it costs less to look again then than to move it with each request.
    func armTimer(of id: SlotID, _ slot: Slot) {
        guard let deadline = slot.deadline else { return }
        if let timer = slot.timer {
            guard deadline < timer.at else { return }
            timers.cancel(timer.id)
        }
        slot.timer = (timers.insert(at: deadline, .slot(id)), deadline)
    }

    func slotTimerFired(_ id: SlotID) {
        guard let slot = slot(id) else { return }
        slot.timer = nil
        for lane in [slot.reading, slot.writing] {
            if let deadline = lane.deadline, deadline <= now { lane.end(.timedOut) }
        }
        armTimer(of: id, slot)
    }
}
