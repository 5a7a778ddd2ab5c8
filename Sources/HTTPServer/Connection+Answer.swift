import HTTP
import HTTPTypes
import Reactor

extension Connection {
    /// Has a request answered.
    /// - Returns: Whether another one may follow.
    func answer(_ head: RequestHead) async -> Bool {
        body = IncomingBody(head, limits: configuration.request)
        isContinueAwaited =
            head.expectsContinue && !body.isComplete && inputStart == input.count
        let request = Request(
            head: head, body: requestBody(head), receivedAt: state.requestBeganAt)
        // What a client has asked before does not wait for this.
        scheduleFlush()
        var response = await host.responder.respond(to: request)
        let leftover = discardReceived()
        var closes = state.closesAfterAnswer(now: loop.now)
        if case .tooMuch(let fault) = leftover {
            closes = true
            // What cannot be read is no request, whatever its handler made of the head. An answer
            // that tells of an effect stays.
            if let fault, head.method.isSafe || response.status.code >= 400 {
                response = host.responder.respond(
                    toUnreadable: Problem(fault), receivedAt: state.requestBeganAt)
            }
        }
        if let stream = response.stream {
            guard await send(stream, of: response, to: head, &closes) else { return false }
        } else {
            append(response, to: head, closes: closes)
        }
        guard !closes else { return false }
        if case .little(let budget) = leftover {
            guard await flush(), await discardRest(budget: budget) else { return false }
        }
        state.answered(now: loop.now)
        return unsentCount < configuration.unsentBytesMax ? true : await flush()
    }

    /// Appends the answer to something that was not a request; the connection ends after it.
    func refuse(_ problem: Problem) {
        state.headBegan(now: loop.now)
        let response = host.responder.respond(
            toUnreadable: problem, receivedAt: state.requestBeganAt)
        ResponseSerializer.append(
            response, to: &output, isHead: parser.isHead, closes: true, minorVersion: 1,
            date: host.date())
        input = []
        inputStart = 0
    }

    private func requestBody(_ head: RequestHead) -> RequestBody {
        switch head.framing {
        case .none: .empty
        case .length(let count): RequestBody(source: self, length: count)
        case .chunked: RequestBody(source: self, length: nil)
        }
    }

    private func append(_ response: Response, to head: RequestHead, closes: Bool) {
        ResponseSerializer.append(
            response, to: &output, isHead: head.method == .head, closes: closes,
            minorVersion: head.minorVersion, date: host.date())
    }

    /// Sends an answer whose content is made meanwhile.
    /// - Parameter closes: Set when the content ends with the connection.
    /// - Returns: false when the content is incomplete: the connection has been broken off.
    private func send(
        _ stream: ResponseStream, of response: Response, to head: RequestHead,
        _ closes: inout Bool
    ) async -> Bool {
        let framing = ResponseSerializer.framing(of: response, minorVersion: head.minorVersion)
        if framing == .end { closes = true }
        append(response, to: head, closes: closes)
        guard head.method != .head, framing != .none else { return true }
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
            breakOff()
            return false
        }
        guard sentCount == stream.length ?? sentCount else {
            breakOff()
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
        await loop.nextTurn()
        return slot != nil
    }

    /// Ends the connection so that nobody takes the content for complete: where it ends with the
    /// connection, only a reset tells.
    private func breakOff() {
        socket?.resetWhenClosed()
        abort()
    }
}

extension HTTPRequest.Method {
    /// Whether it asks for no effect (RFC 9110 §9.2.1).
    fileprivate var isSafe: Bool {
        switch self {
        case .get, .head, .options, .trace: true
        default: false
        }
    }
}
