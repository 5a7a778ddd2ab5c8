import HTTP
import HTTPTypes
import Reactor

extension Connection {
    /// Has a request answered. A call of its own would take each 700 instructions.
    /// - Returns: Whether another one may follow.
    @inline(__always)
    func answer(_ head: RequestHead) async -> Bool {
        guard begin(head) else { return false }
        let response = await host.responder.respond(
            to: Request(
                head: head, body: requestBody(head), client: client,
                receivedAt: state.requestBeganAt))
        if let stream = response.stream {
            return await send(stream, of: response, to: head)
        }
        switch finish(head, with: response) {
        case .nothing: break
        case .little(let budget):
            guard await flush(), await discardRest(budget: budget) else { return false }
        case .tooMuch, nil: return false
        }
        return await answerEnded()
    }

    /// Prepares for the content of a request.
    /// - Returns: Whether the request is to be answered; else it has been refused.
    // Not inlined: see "What waits keeps its variables" in docs/architecture.md.
    @inline(never)
    private func begin(_ head: RequestHead) -> Bool {
        body = IncomingBody(head, limits: configuration.request)
        if let fault = bodyFault() {
            refuse(fault, isHead: head.method == .head)
            return false
        }
        isContinueAwaited =
            head.expectsContinue && !body.isComplete && inputStart == input.count
        // What a client has asked before does not wait for this.
        scheduleFlush()
        return true
    }

    /// Ends the request's content, and appends an answer whose content is there.
    /// - Returns: What is left of the request's content; nil if no other request may follow.
    // Not inlined: see "What waits keeps its variables" in docs/architecture.md.
    @inline(never)
    private func finish(_ head: RequestHead, with response: Response) -> Leftover? {
        guard endBody() else { return nil }
        let leftover = discardReceived()
        let closes = state.closesAfterAnswer(now: loop.now) || leftover == .tooMuch
        append(response, to: head, closes: closes)
        return closes ? nil : leftover
    }

    /// The answer is complete: the next request may be read when the client has taken enough of it.
    private func answerEnded() async -> Bool {
        guard unsentCount < configuration.unsentBytesMax else {
            let isTaken = await flush()
            state.answered(now: loop.now)
            return isTaken
        }
        state.answered(now: loop.now)
        return true
    }

    /// Nobody reads the request's body any more.
    /// - Returns: false when somebody still waits for a part of it: the connection ends.
    private func endBody() -> Bool {
        bodyNumber += 1
        if isBodyAwaited { abort() }
        return slot != nil
    }

    /// Appends the answer to what could not be read; the connection ends after it.
    func refuse(_ error: RequestParseError, isHead: Bool? = nil) {
        host.parsingFailed(error)
        refuse(Problem(error), isHead: isHead)
    }

    /// Appends the answer to something that was not a request; the connection ends after it.
    func refuse(_ problem: Problem, isHead: Bool? = nil) {
        state.headBegan(now: loop.now)
        let response = host.responder.respond(
            toUnreadable: problem, from: client, receivedAt: state.requestBeganAt)
        ResponseSerializer.append(
            response, to: &output, isHead: isHead ?? parser.isHead, closes: true,
            minorVersion: 1, date: host.date())
        input = []
        inputStart = 0
    }

    private func requestBody(_ head: RequestHead) -> RequestBody {
        switch head.framing {
        case .none: .empty
        case .length(let count): RequestBody(source: bodyOfRequest, length: count)
        case .chunked: RequestBody(source: bodyOfRequest, length: nil)
        }
    }

    private var bodyOfRequest: ConnectionBody { ConnectionBody(of: self, number: bodyNumber) }

    private func append(_ response: Response, to head: RequestHead, closes: Bool) {
        ResponseSerializer.append(
            response, to: &output, isHead: head.method == .head, closes: closes,
            minorVersion: head.minorVersion, date: host.date())
    }

    /// Sends an answer whose content is made meanwhile, perhaps of what is still to come of the
    /// request's: the connection then ends with the answer.
    /// - Returns: Whether another request may follow.
    private func send(
        _ stream: ResponseStream, of response: Response, to head: RequestHead
    ) async -> Bool {
        let framing = ResponseSerializer.framing(of: response, minorVersion: head.minorVersion)
        let closes =
            state.closesAfterAnswer(now: loop.now) || framing == .end || isBodyBroken
            || !body.isComplete
        append(response, to: head, closes: closes)
        if head.method != .head, framing != .none {
            guard await send(stream, framing) else { return false }
        }
        return endBody() && !closes ? await answerEnded() : false
    }

    /// - Returns: false when the content is incomplete: the connection has been broken off.
    private func send(
        _ stream: ResponseStream, _ framing: ResponseSerializer.ContentFraming
    ) async -> Bool {
        var sentCount = 0
        do {
            for try await chunk in stream.chunks where !chunk.isEmpty {
                sentCount += chunk.count
                guard sentCount <= stream.length ?? .max else { break }
                if framing == .chunked {
                    ResponseSerializer.appendChunk(chunk, to: &output)
                } else {
                    output += chunk
                }
                guard await hasRoomForMore() else { return false }
            }
        } catch {
            await breakOff(framing)
            return false
        }
        // A sequence may end, instead of throwing, when its task is cancelled for a client that has
        // hung up: without a length nothing else tells that there was more.
        guard stream.length.map({ $0 == sentCount }) ?? !Task.isCancelled else {
            await breakOff(framing)
            return false
        }
        if framing == .chunked { ResponseSerializer.appendLastChunk(to: &output) }
        return true
    }

    /// Sends what there is, and waits when the client does not take it.
    /// - Returns: false when the connection is broken.
    private func hasRoomForMore() async -> Bool {
        guard unsentCount >= configuration.unsentBytesMax else {
            scheduleFlush()
            return slot != nil
        }
        guard await flush() else { return false }
        // A client may take everything as fast as it is made; others have their turn as well.
        await loop.yield()
        return slot != nil
    }

    /// Ends the connection so that nobody takes the content for complete. The client reads what
    /// there was; where the content ends with the connection, only a reset tells.
    private func breakOff(_ framing: ResponseSerializer.ContentFraming) async {
        _ = await flush()
        if framing == .end { socket?.resetWhenClosed() }
        abort()
    }
}
