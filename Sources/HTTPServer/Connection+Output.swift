import Ambient
import HTTP
import Reactor

extension Connection: TurnParticipant {
    /// Octets that have not been written yet.
    var unsentCount: Int { output.count - outputStart }

    /// Sends the answers to what has been read: at once if they were made at once, while all this
    /// is in the processor's cache. Answers that had to wait, which come by the dozen when the
    /// database has answered, let it have its next batch first.
    func sendAnswers() {
        if loop.turn == readInTurn { send() } else { scheduleFlush() }
    }

    /// Has what is to be written sent at the end of this turn, together with the answers of other
    /// connections.
    func scheduleFlush() {
        guard unsentCount > 0, !isFlushScheduled else { return }
        isFlushScheduled = true
        loop.callAtEndOfTurn(self, .answers)
    }

    nonisolated func turnEnded() {
        assumeOnLoop(loop.isCurrent) { connection in
            connection.isFlushScheduled = false
            connection.send()
            connection.endIfDrained()
        }
    }

    /// Sends now and waits until everything is written.
    /// - Returns: false when the connection broke or the client did not read.
    func flush() async -> Bool {
        send()
        precondition(flushed == nil, "Two tasks wait for one connection's writing.")
        while isWriteBlocked {
            let gate = Gate(loop: loop)
            flushed = gate
            await gate.pass()
        }
        return unsentCount == 0
    }

    /// Writes what the kernel takes; the rest follows when the socket is writable again.
    private func send() {
        while !isWriteBlocked, unsentCount > 0 {
            guard let slot else { return }
            switch sendOnce() {
            case .done(let count):
                outputStart += count
                writePace?.moved(count, now: loop.now)
                host.bytesWritten(count)
            case .failed: return abort()
            case .wouldBlock:
                isWriteBlocked = true
                if writePace == nil { writePace = Pace(since: loop.now) }
                dropWritten()
                loop.writingExhausted(slot)
                Task { await self.sendWhenWritable(slot) }
            }
        }
        guard unsentCount == 0 else { return }
        // A small buffer is kept for the next answer, a large one is not.
        output.removeAll(keepingCapacity: output.capacity <= Self.outputBytesKept)
        outputStart = 0
        writePace = nil
    }

    /// Lets go of what is written once it is the greater part, so that a client that never reads
    /// all of what is there does not make the buffer grow.
    private func dropWritten() {
        guard outputStart > unsentCount else { return }
        output.removeFirst(outputStart)
        outputStart = 0
    }

    private func sendWhenWritable(_ slot: SlotID) async {
        let readiness = await loop.waitUntilWritable(
            slot, deadline: writePace?.writeDeadline(configuration))
        isWriteBlocked = false
        if readiness == .ready { send() } else { abort() }
        guard !isWriteBlocked else { return }
        if let gate = flushed.take() { gate.open() } else { endIfDrained() }
    }

    private func sendOnce() -> Socket.Transfer {
        output.withUnsafeBytes { octets in
            socket?.send(UnsafeRawBufferPointer(rebasing: octets[outputStart...])) ?? .failed
        }
    }
}

extension Pace {
    /// Until when a client must take more of its answers; with no lowest rate any octet will do.
    func writeDeadline(_ configuration: HTTPServerConfiguration) -> MonotonicTime {
        let (rateMin, timeout) = (
            configuration.writeBytesPerSecondMin, configuration.writeTimeout
        )
        return rateMin > 0 ? deadline(rateMin: rateMin, timeout: timeout) : newestAt + timeout
    }
}
