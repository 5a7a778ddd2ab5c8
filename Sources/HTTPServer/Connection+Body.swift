import HTTP
import Reactor

/// The body of one request: whoever still holds it when the request has been answered gets nothing
/// of the next one's.
final class ConnectionBody: BodySource {
    private let connection: Connection
    private let number: UInt64

    init(of connection: Connection, number: UInt64) {
        self.connection = connection
        self.number = number
    }

    func nextChunk(upTo bytesMax: Int) async throws(BodyError) -> [UInt8]? {
        try await connection.nextChunk(of: number, upTo: bytesMax)
    }
}

extension Connection {
    /// Reads the next part of a request's body; nil after its last one.
    func nextChunk(
        of number: UInt64, upTo bytesMax: Int
    ) async throws(BodyError) -> [UInt8]? {
        guard number == bodyNumber, !isBodyAwaited else { throw .connectionLost }
        isBodyAwaited = true
        defer { isBodyAwaited = false }
        if isContinueAwaited { await sendContinue() }
        do {
            while !body.isComplete {
                let chunk = try decode(upTo: bytesMax)
                if !chunk.isEmpty { return chunk }
                if !body.isComplete { try await receiveMore() }
            }
            return nil
        } catch {
            isBodyBroken = true
            throw error
        }
    }

    /// What is still to come of a body that its handler left unread.
    enum Leftover: Equatable {
        /// Nothing: it is complete.
        case nothing
        /// So many octets may follow, and are read and dropped to keep the connection.
        case little(budget: Int)
        /// Too much, or what cannot be read: the connection ends with the answer.
        case tooMuch
    }

    /// What is wrong with the framing of that part of the body which came with the head: nobody is
    /// to act on a request that is known to be malformed.
    func bodyFault() -> RequestParseError? {
        guard case .chunked(var decoder) = body, inputStart < input.count else { return nil }
        var octets: [UInt8] = []
        do {
            // How much there may be of it, whoever reads it says.
            _ = try decoder.decode(
                input.span.extracting(inputStart...), into: &octets, bodyBytesMax: .max)
            return nil
        } catch {
            return error
        }
    }

    /// Drops what has come of the body; it does not wait for more.
    func discardReceived() -> Leftover {
        guard !isBodyBroken else { return .tooMuch }
        guard !body.isComplete else { return .nothing }
        // A client that waits for 100 (Continue) has not sent its body and will not.
        guard !isContinueAwaited else { return .tooMuch }
        return discard(budget: configuration.discardedBytesMax)
    }

    /// Waits for the rest of the body and drops it, up to `budget` octets.
    /// - Returns: false when there is more, or the client is gone: the connection cannot go on.
    func discardRest(budget: Int) async -> Bool {
        var leftover = Leftover.little(budget: budget)
        while case .little(let budget) = leftover {
            do { try await receiveMore() } catch { return false }
            leftover = discard(budget: budget)
        }
        return leftover == .nothing
    }

    private func discard(budget: Int) -> Leftover {
        var budget = budget
        do {
            while !body.isComplete, inputStart < input.count {
                guard budget >= 0, !body.isLonger(than: budget) else { return .tooMuch }
                // What frames the content may follow when no more of it is let pass.
                budget -= try decode(upTo: max(1, budget)).count
            }
        } catch {
            return .tooMuch
        }
        guard !body.isComplete else { return .nothing }
        return budget < 0 || body.isLonger(than: budget) ? .tooMuch : .little(budget: budget)
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
            // One owner only, or what the decoder keeps would be copied.
            body = .none
            do {
                let used = try decoder.decode(
                    input.span.extracting(inputStart..<end), into: &octets,
                    bodyBytesMax: configuration.request.bodyBytesMax)
                consume(used)
                state.bodyBytesTaken(octets.count, now: loop.now)
            } catch {
                host.parsingFailed(error)
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
