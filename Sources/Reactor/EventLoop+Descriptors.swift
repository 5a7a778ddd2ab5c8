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
            slots.append(Slot())
            freeSlots.append(index)
        }
        let id = SlotID(index: index, generation: slots[Int(index)].generation)
        try poller.add(descriptor, token: id.token, .both)
        freeSlots.removeLast()
        slots[Int(index)].descriptor = descriptor
        slots[Int(index)].writing.isReady = true
        return id
    }

    /// Forgets a descriptor, before it is closed; whoever waits for it is told
    /// ``Readiness/closed``.
    package func deregister(_ id: SlotID) {
        assert(isCurrent, "Off the loop's thread.")
        guard isRegistered(id) else { return }
        var slot = slots[Int(id.index)]
        poller.remove(slot.descriptor)
        if let timer = slot.timer { timers.cancel(timer.id) }
        slots[Int(id.index)] = Slot(generation: id.generation &+ 1)
        freeSlots.append(id.index)
        slot.reading.end(.closed)
        slot.writing.end(.closed)
    }

    /// Waits until there may be something to read, or the peer is gone, or `deadline` passes.
    /// One reader at a time.
    package func waitUntilReadable(
        _ id: SlotID, deadline: ContinuousClock.Instant?
    ) async -> Readiness {
        await wait(id, \.reading, deadline)
    }

    /// Waits until there may be room to write, or the peer is gone, or `deadline` passes.
    /// One writer at a time.
    package func waitUntilWritable(
        _ id: SlotID, deadline: ContinuousClock.Instant?
    ) async -> Readiness {
        await wait(id, \.writing, deadline)
    }

    /// Says that the last read found no more: the next wait lasts until the kernel reports anew.
    /// A read that returned fewer octets than it had room for has found no more either, epoll(7).
    package func readingExhausted(_ id: SlotID) {
        guard isRegistered(id), !slots[Int(id.index)].isHungUp else { return }
        slots[Int(id.index)].reading.isReady = false
    }

    /// Says that the last write found no more room.
    package func writingExhausted(_ id: SlotID) {
        guard isRegistered(id) else { return }
        slots[Int(id.index)].writing.isReady = false
    }

    func isRegistered(_ id: SlotID) -> Bool {
        assert(isCurrent, "Off the loop's thread.")
        return slots[Int(id.index)].generation == id.generation
    }

    private func wait(
        _ id: SlotID, _ lane: WritableKeyPath<Slot, Lane>, _ deadline: ContinuousClock.Instant?
    ) async -> Readiness {
        guard isRegistered(id) else { return .closed }
        if slots[Int(id.index)][keyPath: lane].isReady { return .ready }
        return await withUnsafeContinuation { continuation in
            let index = Int(id.index)
            precondition(
                slots[index][keyPath: lane].waiter == nil, "Two waiters for one direction.")
            slots[index][keyPath: lane].waiter = continuation
            slots[index][keyPath: lane].deadline = deadline
            armTimer(of: id)
        }
    }

    func eventArrived(_ event: Poller.Event, for id: SlotID) {
        guard isRegistered(id) else { return }
        let index = Int(id.index)
        if event.isHangUp { slots[index].isHungUp = true }
        if event.isReadable {
            slots[index].reading.isReady = true
            slots[index].reading.end(.ready)
        }
        if event.isWritable {
            slots[index].writing.isReady = true
            slots[index].writing.end(.ready)
        }
    }

    /// Sees to it that the slot's timer fires no later than its deadline. A timer that would fire
    /// earlier is left: it costs less to look again then than to move it with each request.
    private func armTimer(of id: SlotID) {
        let index = Int(id.index)
        guard let deadline = slots[index].deadline else { return }
        if let timer = slots[index].timer {
            guard deadline < timer.at else { return }
            timers.cancel(timer.id)
        }
        slots[index].timer = (timers.insert(at: deadline, .slot(id)), deadline)
    }

    func slotTimerFired(_ id: SlotID) {
        let index = Int(id.index)
        slots[index].timer = nil
        if let deadline = slots[index].reading.deadline, deadline <= now {
            slots[index].reading.end(.timedOut)
        }
        if let deadline = slots[index].writing.deadline, deadline <= now {
            slots[index].writing.end(.timedOut)
        }
        armTimer(of: id)
    }
}
