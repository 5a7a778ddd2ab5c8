import Reactor
import Synchronization

/// A client that sends exactly the octets that a test gives it, and shows exactly what comes back.
///
/// It blocks a thread of its own, so neither the server nor another task of the test waits for it.
/// It does one thing at a time. A wait that lasts half a minute fails.
package final class RawHTTPClient: Sendable {
    private let conversation: Conversation
    private let thread: OffloadPool
    private let recorder: ExchangeRecorder?
    /// What has been sent since the last response, while somebody records it.
    private let sent = Mutex<[UInt8]>([])

    private init(_ conversation: Conversation, recorder: ExchangeRecorder? = nil) throws {
        self.conversation = conversation
        self.recorder = recorder
        thread = try OffloadPool(name: "client", threads: 1, queueMax: 16)
    }

    /// Connects to a port of this machine; `recorder` writes down what is said.
    /// - Throws: ``RawHTTPError/refused`` when nobody listens there.
    package convenience init(port: Int, recorder: ExchangeRecorder? = nil) throws {
        try self.init(Conversation.connect(port: port), recorder: recorder)
    }

    /// Makes a client of a connected stream socket, which becomes its own.
    package convenience init(owning number: CInt) throws {
        try self.init(Conversation(owning: number))
    }

    deinit { thread.stop() }

    /// Sends `text`, with one call.
    package func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    /// Sends `octets`, each `pieceLength` of them with a call of its own, and with a pause after it
    /// that ends when the server says something.
    package func send(
        _ octets: [UInt8], pieceLength: Int = .max / 2, pauseMilliseconds: CInt = 0
    ) async throws {
        if recorder != nil { sent.withLock { $0 += octets } }
        try await run { conversation throws(RawHTTPError) in
            guard pauseMilliseconds > 0 else {
                return try conversation.send(octets, pieceLength: pieceLength)
            }
            for start in stride(from: 0, to: octets.count, by: pieceLength) {
                let piece = octets[start..<min(octets.count, start + pieceLength)]
                try conversation.send(Array(piece), pieceLength: pieceLength)
                _ = try conversation.hasNews(within: pauseMilliseconds)
            }
        }
    }

    /// Sends `piece` again and again, with a pause after each, until the server says something or
    /// ends the connection.
    package func drip(_ piece: String, pauseMilliseconds: CInt) async throws {
        try await run { conversation throws(RawHTTPError) in
            let octets = Array(piece.utf8)
            for _ in 0..<Conversation.patience * 1000 / pauseMilliseconds {
                try conversation.send(octets, pieceLength: octets.count)
                if try conversation.hasNews(within: pauseMilliseconds) { return }
            }
            throw .timedOut
        }
    }

    /// The next response, interim ones included.
    /// - Parameter toHead: It answers HEAD, so it has no content.
    package func response(toHead: Bool = false) async throws -> RawResponse {
        let response = try await run { conversation throws(RawHTTPError) in
            try conversation.response(toHead: toHead)
        }
        if let recorder, response.status >= 200 {
            let request = sent.withLock { sent in
                defer { sent = [] }
                return sent
            }
            recorder.record(response, to: request)
        }
        return response
    }

    /// Sends a request and returns its response.
    package func exchange(_ request: String) async throws -> RawResponse {
        try await send(request)
        return try await response()
    }

    /// Everything that comes up to the end of the stream, which the server is to bring about.
    /// - Throws: ``RawHTTPError/reset`` when the connection was broken off instead.
    package func remainder() async throws -> [UInt8] {
        try await run { conversation throws(RawHTTPError) in try conversation.remainder() }
    }

    /// Waits until something has come, or the stream has ended, and leaves it where it is.
    package func waitForNews() async throws {
        let hasNews = try await run { conversation throws(RawHTTPError) in
            try conversation.hasNews(within: Conversation.patience * 1000)
        }
        guard hasNews else { throw RawHTTPError.timedOut }
    }

    /// Says that nothing more comes, and goes on listening.
    package func finishSending() async throws {
        try await run { conversation throws(RawHTTPError) in try conversation.finishSending() }
    }

    /// Closes the connection.
    package func close() async throws {
        try await run { conversation in conversation.close(resets: false) }
    }

    /// Breaks the connection off, as a crash would.
    package func reset() async throws {
        try await run { conversation in conversation.close(resets: true) }
    }

    private func run<Value: Sendable>(
        _ work: @escaping @Sendable (Conversation) throws(RawHTTPError) -> Value
    ) async throws -> Value {
        let conversation = conversation
        return try await thread.run { () -> Result<Value, RawHTTPError> in
            do throws(RawHTTPError) {
                return .success(try work(conversation))
            } catch {
                return .failure(error)
            }
        }.get()
    }
}
