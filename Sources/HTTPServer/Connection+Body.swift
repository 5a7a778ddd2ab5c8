import HTTP
import Reactor

extension Connection: BodySource {
    /// Reads the next part of the current request's body; nil after its last one.
    func nextChunk(upTo bytesMax: Int) async throws(BodyError) -> [UInt8]? {
        if isContinueAwaited { await sendContinue() }
        while !body.isComplete {
            let chunk = try decode(upTo: bytesMax)
            if !chunk.isEmpty { return chunk }
            if !body.isComplete { try await receiveMore() }
        }
        return nil
    }

    /// Reads and drops what the handler left of the body, if it is little.
    /// - Returns: false when it is not, or the client is gone: the connection cannot go on.
    func discardBody() async -> Bool {
        // A client that waits for 100 (Continue) has not sent its body and will not.
        guard !isContinueAwaited else { return body.isComplete }
        var budget = configuration.discardedBytesMax
        while !body.isComplete {
            guard budget >= 0, !body.isLonger(than: budget) else { return false }
            do {
                // What frames the content may follow when no more of it is let pass.
                budget -= try decode(upTo: max(1, budget)).count
                if !body.isComplete { try await receiveMore() }
            } catch {
                return false
            }
        }
        return true
    }

    /// Takes body octets from what has been received.
    private func decode(upTo bytesMax: Int) throws(BodyError) -> [UInt8] {
        switch body {
        case .none: return []
        case .remaining(let count):
            let taken = min(count, input.count - inputStart, bytesMax)
            let octets = Array(input[inputStart..<inputStart + taken])
            consume(taken)
            state.bodyBytesTaken(taken, now: loop.now)
            body = count == taken ? .none : .remaining(count - taken)
            return octets
        case .chunked(var decoder):
            // Decoded octets are never more than encoded ones.
            let end = inputStart + min(input.count - inputStart, bytesMax)
            var octets: [UInt8] = []
            do {
                let used = try decoder.decode(
                    input.span.extracting(inputStart..<end), into: &octets,
                    bodyBytesMax: configuration.request.bodyBytesMax)
                consume(used)
                state.bodyBytesTaken(octets.count, now: loop.now)
            } catch {
                throw error == .bodyTooLarge ? .tooLarge : .malformed(error)
            }
            body = decoder.isComplete ? .none : .chunked(decoder)
            return octets
        }
    }

    private func sendContinue() async {
        isContinueAwaited = false
        output.append(contentsOf: ResponseSerializer.continueResponse)
        _ = await flush()
    }
}
