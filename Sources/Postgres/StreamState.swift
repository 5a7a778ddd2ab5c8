/// How far the stream of a session has come; there is one at a time.
struct StreamState: Sendable {
    /// What is sent when the consumer asks for the first time.
    enum Request: Sendable {
        /// A `COPY … TO STDOUT`.
        case copyOut(String)
        /// A statement whose rows are to come one by one.
        case rows(StatementText, Parameters)
    }

    enum Phase: Sendable {
        /// There is no stream.
        case none
        /// Nobody has asked for anything yet.
        case requested(Request)
        /// The server has more.
        case flowing
        /// All has come but the server's last word.
        case ending
        /// The server has refused to go on; the consumer is still to be told.
        case refused(ServerError)
        /// All has come, or the consumer has been told why not.
        case ended
    }

    /// Names the stream; a later one has another number.
    private(set) var number = 0
    var phase = Phase.none
    /// How many rows there were; nil before the end.
    var rowCount: Int?
    /// The columns that the rows are to have, until they have been compared.
    var uncheckedColumns: [PostgresType]?

    /// A stream begins, in a phase in which the consumer may ask for something.
    /// - Returns: Its number.
    mutating func began(in phase: Phase) -> Int {
        guard case .none = self.phase else {
            preconditionFailure("A session has one stream at a time.")
        }
        number += 1
        rowCount = nil
        self.phase = phase
        return number
    }

    /// The consumer has left the stream.
    /// - Returns: Whether the server may still be sending.
    mutating func left() -> Bool {
        defer { phase = .none }
        switch phase {
        case .flowing, .ending: return true
        case .none, .requested, .refused, .ended: return false
        }
    }

    /// What is to be done for a consumer of the stream `number`.
    /// - Throws: ``PostgresError/closed`` if that one has been left.
    func phase(of number: Int) throws(PostgresError) -> Phase {
        guard number == self.number else { throw .closed }
        if case .none = phase { throw .closed }
        return phase
    }
}

extension SessionConnection {
    /// Lends `body` a stream, and closes the connection if the stream was not read to its end.
    nonisolated func withStream<Value, Failure: Error>(
        _ request: StreamState.Request, _ body: (Int) async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let number = await streamBegan(request)
        let result: Result<Value, Failure>
        do throws(Failure) {
            result = .success(try await body(number))
        } catch {
            result = .failure(error)
        }
        await streamLeft()
        return try result.get()
    }

    /// How many rows the stream `number` had; nil before its end.
    func rowCount(of number: Int) -> Int? { number == stream.number ? stream.rowCount : nil }

    private func streamBegan(_ request: StreamState.Request) -> Int {
        stream.began(in: .requested(request))
    }

    private func streamLeft() {
        if stream.left() { end(.closed) }
    }
}
