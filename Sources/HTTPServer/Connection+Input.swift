import HTTP
import Reactor

extension Connection {
    /// What one read brought.
    enum Input {
        /// Octets, which stand in the loop's buffer until the next read of anybody.
        case octets(UnsafeRawBufferPointer)
        /// Nothing yet.
        case nothing
        /// The end of the stream, or of the connection.
        case end
    }

    /// The head of the next request, if all of it came with the one before.
    func nextHead() throws(RequestParseError) -> RequestHead? {
        // Nobody would get the answer to what a connection that has ended had read.
        guard slot != nil, inputStart < input.count else { return nil }
        return try parseInput()
    }

    /// Waits for octets of the body, unless some are left of what came last.
    func receiveMore() async throws(BodyError) {
        guard inputStart == input.count else { return }
        guard let slot else { throw .connectionLost }
        switch await loop.waitUntilReadable(slot, deadline: state.readDeadline) {
        case .ready: break
        case .closed: throw .connectionLost
        case .timedOut: throw .timedOut
        }
        switch read(slot) {
        case .octets(let octets): keep(octets)
        case .nothing: return
        case .end: throw .connectionLost
        }
    }

    /// Drops octets of the input that have been used.
    func consume(_ count: Int) {
        inputStart += count
        guard inputStart == input.count else { return }
        input.removeAll(keepingCapacity: false)
        inputStart = 0
    }

    /// Reads once what the kernel has.
    func read(_ slot: SlotID) -> Input {
        // The registration may have ended between the event and now.
        guard self.slot != nil, socket != nil else { return .end }
        switch socket?.receive(into: loop.readBuffer) ?? .failed {
        case .failed, .done(0): return .end
        case .wouldBlock: return loop.readingExhausted(slot) ? .nothing : .end
        case .done(let count):
            host.bytesRead(count)
            readInTurn = loop.turn
            if count < loop.readBuffer.count { loop.readingExhausted(slot) }
            return .octets(UnsafeRawBufferPointer(rebasing: loop.readBuffer[..<count]))
        }
    }

    private func keep(_ octets: UnsafeRawBufferPointer) {
        input.removeFirst(inputStart)
        inputStart = 0
        input.append(contentsOf: octets)
    }

    /// Takes a head from octets that have just been read. When a whole one is among them it is
    /// taken straight from there; only what is left over is kept.
    func parse(
        _ octets: UnsafeRawBufferPointer
    ) throws(RequestParseError) -> RequestHead? {
        guard inputStart == input.count else {
            keep(octets)
            return try parseInput()
        }
        let parsed = try parser.parse(octets.bindMemory(to: UInt8.self).span)
        let used = parsed?.byteCount ?? 0
        if used < octets.count { keep(UnsafeRawBufferPointer(rebasing: octets[used...])) }
        return noteHead(parsed?.head)
    }

    private func parseInput() throws(RequestParseError) -> RequestHead? {
        let parsed = try parser.parse(input.span.extracting(inputStart...))
        if let parsed { consume(parsed.byteCount) }
        return noteHead(parsed?.head)
    }

    private func noteHead(_ head: RequestHead?) -> RequestHead? {
        if let head {
            state.headArrived(isPersistent: head.isPersistent, now: loop.now)
        } else if parser.hasStarted {
            state.headBegan(now: loop.now)
        }
        return head
    }
}
