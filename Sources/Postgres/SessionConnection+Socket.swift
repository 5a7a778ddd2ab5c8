import Ambient
import CLibpq
import Glibc
import Reactor

extension SessionConnection {
    /// Sends what libpq has buffered. It reads meanwhile, since the server may have to say
    /// something before it takes more.
    /// - Throws: ``PostgresError/timedOut(_:)`` if the server takes nothing for the answer's time.
    func flush() async throws(PostgresError) {
        try await flush { () throws(PostgresError) in try takeInput() }
    }

    /// Sends what libpq has buffered, and calls `read` whenever there may be something to read.
    func flush(
        reading read: () async throws(PostgresError) -> Void
    ) async throws(PostgresError) {
        while true {
            let connection = try connection()
            let outcome = PQflush(connection)
            guard outcome == 1 else {
                guard outcome == 0 else { throw ended(.connectionLost) }
                return
            }
            guard let slot else { throw ended(.connectionLost) }
            loop.writingExhausted(slot)
            try await wait(for: .either, of: slot, configuration.answerTimeout)
            try await read()
        }
    }

    /// Waits for something to read, and reads it once: what is not asked for stays with the server.
    /// - Parameter timeout: Longest wait; nil for one without end.
    func receive(within timeout: Duration?) async throws(PostgresError) {
        guard let slot else { throw ended(.connectionLost) }
        try await wait(for: .reading, of: slot, timeout)
        try takeInput()
    }

    /// Receives for no longer than the answer's time.
    func receive() async throws(PostgresError) {
        try await receive(within: configuration.answerTimeout)
    }

    /// Whether the socket holds something to read.
    func hasInput() throws(PostgresError) -> Bool {
        var count: CInt = 0
        _ = ioctl(PQsocket(try connection()), UInt(FIONREAD), &count)
        return count > 0
    }

    /// Reads once from the socket, without waiting.
    func takeInput() throws(PostgresError) {
        let connection = try connection()
        guard PQconsumeInput(connection) == 1 else { throw ended(.connectionLost) }
        guard try !hasInput() else { return }
        // The rest of a TLS record may be decrypted already, where the kernel cannot count it. It
        // fits: libpq reads at least 8 KiB each time, and a record has at most 16.
        if PQsslInUse(connection) == 1 {
            guard PQconsumeInput(connection) == 1 else { throw ended(.connectionLost) }
            guard try !hasInput() else { return }
        }
        if let slot { loop.readingExhausted(slot) }
    }

    /// Waits until there is something to read, but no longer than `timeout`.
    func hasMoreInput(within timeout: Duration) async throws(PostgresError) -> Bool {
        guard let slot else { throw ended(.connectionLost) }
        switch await outcome(of: .reading, on: slot, loop.now + timeout) {
        case .ready:
            _ = try connection()
            return true
        case .timedOut: return false
        case .closed: throw ended(.connectionLost)
        }
    }

    private enum Direction { case reading, either }

    private func wait(
        for direction: Direction, of slot: SlotID, _ timeout: Duration?
    ) async throws(PostgresError) {
        switch await outcome(of: direction, on: slot, timeout.map { loop.now + $0 }) {
        case .ready: _ = try connection()
        case .timedOut: throw ended(.timedOut(.statement))
        case .closed: throw ended(.connectionLost)
        }
    }

    /// Waits; a task that is cancelled meanwhile ends the connection.
    private func outcome(
        of direction: Direction, on slot: SlotID, _ deadline: MonotonicTime?
    ) async -> Readiness {
        // By a method of this actor, or the closure would run on another thread.
        await withTaskCancellationHandler {
            await self.readiness(of: slot, direction, deadline)
        } onCancel: {
            Task(executorPreference: loop) { await self.end(.cancelled) }
        }
    }

    private func readiness(
        of slot: SlotID, _ direction: Direction, _ deadline: MonotonicTime?
    ) async -> Readiness {
        switch direction {
        case .reading: await loop.waitUntilReadable(slot, deadline: deadline)
        case .either: await loop.waitUntilReadableOrWritable(slot, deadline: deadline)
        }
    }
}
