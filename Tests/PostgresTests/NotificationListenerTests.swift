import HTTPTesting
import Logging
import PostgresTesting
import Reactor
import Testing

@testable import Postgres

@Suite("LISTEN and NOTIFY on a real server")
struct NotificationListenerTests {
    private static let channel = ChannelName("notes_changed")
    private static let terminateListeners = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE 'LISTEN%'
        """

    @Test func `notifications arrive whole and in the order of their commits`() async throws {
        try await withListener { listener, pool, _ in
            var events = listener.events.makeAsyncIterator()
            #expect(await events.next() == .listening)
            let payloads = (0..<100).map(String.init) + ["", String(repeating: "x", count: 7999)]
            for payload in payloads + ["Zoë 🦊"] { try await pool.announce(Self.channel, payload) }
            for payload in payloads + ["Zoë 🦊"] {
                let event = await events.next()
                #expect(event == Self.notification(payload))
            }
        }
    }

    @Test func `other channels are not heard`() async throws {
        try await withListener { listener, pool, _ in
            var events = listener.events.makeAsyncIterator()
            #expect(await events.next() == .listening)
            try await pool.announce(ChannelName("others"), "1")
            try await pool.announce(Self.channel, "2")
            #expect(await events.next() == Self.notification("2"))
        }
    }

    @Test func `a connection that the server ends is told and replaced`() async throws {
        try await withListener { listener, pool, harness in
            var events = listener.events.makeAsyncIterator()
            #expect(await events.next() == .listening)
            for number in 0..<10 {
                _ = try harness.database.connect().query(Self.terminateListeners)
                #expect(await events.next() == .lost(.connection))
                #expect(await events.next() == .listening)
                try await pool.announce(Self.channel, "\(number)")
                #expect(await events.next() == Self.notification("\(number)"))
            }
        }
    }

    @Test func `a channel that has gone silent is told and replaced`() async throws {
        try await withListener(isProxied: true) {
            $0.proofInterval = .milliseconds(100)
            $0.proofTimeout = .milliseconds(500)
        } _: { listener, pool, harness in
            var events = listener.events.makeAsyncIterator()
            #expect(await events.next() == .listening)
            harness.proxy?.set(.stall)
            let stalledAt = ContinuousClock.now
            #expect(await events.next() == .lost(.silence))
            // An interval and a proof's time, and what a busy machine adds.
            let waited = ContinuousClock.now - stalledAt
            #expect(waited < .seconds(10))
            harness.proxy?.set(.pass)
            #expect(await events.next() == .listening)
            try await pool.announce(Self.channel, "1")
            #expect(await events.next() == Self.notification("1"))
        }
    }

    @Test func `a channel on which nothing can be proved is never trusted`() async throws {
        let proofs = Occurrences()
        try await withListener(swallowing: proofs) {
            $0.proofTimeout = .milliseconds(20)
        } _: { listener, pool, _ in
            // As behind a pooler: what is sent never comes, and it is tried again and again.
            await proofs.wait(for: 4)
            try await pool.announce(Self.channel, "1")
            await listener.close()
            var events = listener.events.makeAsyncIterator()
            #expect(await events.next() == nil)
        }
    }

    @Test func `a server that is away at the start is tried again`() async throws {
        try await withListener(isProxied: true, isRefused: true) { listener, pool, harness in
            let first = Self.next(of: listener)
            harness.proxy?.set(.pass)
            #expect(await first.value == .listening)
            var events = listener.events.makeAsyncIterator()
            try await pool.announce(Self.channel, "1")
            #expect(await events.next() == Self.notification("1"))
        }
    }

    @Test func `a consumer who is too slow is told, and little is kept for him`() async throws {
        try await withListener {
            $0.eventsMax = 10
        } _: { listener, pool, _ in
            var events = listener.events.makeAsyncIterator()
            #expect(await events.next() == .listening)
            for number in 0..<1000 { try await pool.announce(Self.channel, "\(number)") }
            // The last one shows that all have come.
            let isThere = await eventually {
                await listener.waiting.last == Self.notification("999")
            }
            #expect(isThere)
            let waiting = await listener.waiting
            #expect(waiting.count <= 10)
            #expect(await events.next() == .lost(.overflow))
            #expect(await events.next() == .listening)
            var last: ListenerEvent?
            while await !listener.waiting.isEmpty { last = await events.next() }
            #expect(last == Self.notification("999"))
        }
    }

    @Test func `a closed listener ends its events and leaves no connection`() async throws {
        try await withListener { listener, pool, harness in
            var events = listener.events.makeAsyncIterator()
            #expect(await events.next() == .listening)
            let last = Self.next(of: listener)
            await listener.close()
            #expect(await last.value == nil)
            let isGone = await eventually {
                let sql = """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND query LIKE 'LISTEN%'
                    """
                return (try? harness.number(sql)) == 0
            }
            #expect(isGone)
        }
    }

    @Test func `a consumer whose task is cancelled waits no longer`() async throws {
        try await withListener { listener, _, _ in
            var events = listener.events.makeAsyncIterator()
            #expect(await events.next() == .listening)
            let next = Self.next(of: listener)
            next.cancel()
            #expect(await next.value == nil)
        }
    }

    private static func notification(_ payload: String) -> ListenerEvent {
        .notification(Notification(channel: channel.rawValue, payload: payload))
    }

    /// Has the next event taken by a task of its own.
    private static func next(of listener: NotificationListener) -> Task<ListenerEvent?, Never> {
        Task { await listener.nextEvent() }
    }

    /// Runs `body` with a listener to ``channel``, and a pool that goes straight to the server.
    /// - Parameter proofs: Counts the listener's own notifications, which are not sent then.
    private func withListener(
        isProxied: Bool = false, isRefused: Bool = false,
        swallowing proofs: Occurrences? = nil,
        _ configure: (inout ListenerConfiguration) -> Void = { _ in },
        _ body: (NotificationListener, ConnectionPool, SessionHarness) async throws -> Void
    ) async throws {
        try await withSessionHarness(isProxied: isProxied) { harness in
            let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            let pool = ConnectionPool(
                loop: harness.loop, keywords: harness.database.url.keywords,
                connecting: harness.connecting, configuration: PoolConfiguration(), logger: logger)
            await pool.open()
            if isRefused { harness.proxy?.set(.refuse) }
            var configuration = ListenerConfiguration()
            configuration.proofTimeout = .seconds(30)
            configuration.backoffMin = .milliseconds(5)
            configuration.backoffMax = .milliseconds(50)
            configure(&configuration)
            let listener = NotificationListener(
                to: [Self.channel], on: harness.loop, keywords: harness.keywords,
                connecting: harness.connecting, configuration: configuration, logger: logger
            ) { channel, payload throws(PostgresError) in
                guard let proofs else { return try await pool.announce(channel, payload) }
                proofs.happened()
            }
            await listener.start()
            let result: Result<Void, any Error>
            do { result = .success(try await body(listener, pool, harness)) } catch {
                result = .failure(error)
            }
            await listener.close()
            await pool.close()
            try result.get()
        }
    }
}

extension NotificationListener {
    /// What waits for the consumer.
    fileprivate var waiting: [ListenerEvent] {
        var buffer = buffer
        var events: [ListenerEvent] = []
        while let event = buffer.popFirst() { events.append(event) }
        return events
    }
}
