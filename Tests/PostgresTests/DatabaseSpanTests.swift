import HTTPTesting
import InMemoryTracing
import PostgresTesting
import Reactor
import Testing
import Tracing

@testable import Postgres

@Suite("Spans of statements, on a real server", .timeLimit(.minutes(5)))
struct DatabaseSpanTests {
    private static let longNumber = Statement(
        integer: "long_number", kind: .longRead(timeout: .seconds(60)), "SELECT $1::bigint")

    /// Runs `body` with a pool that traces, in the span of a request, and returns the others.
    private func spans(
        connections: Int = 4,
        of body: (ConnectionPool, InstrumentationContext) async throws -> Void
    ) async throws -> [FinishedInMemorySpan] {
        let tracer = InMemoryTracer()
        let request = tracer.startSpan("request", context: .topLevel)
        try await withPool(
            connections: connections, configure: { $0.tracer = DatabaseTracer(tracer) }
        ) { pool, _ in
            try await awaitConnection(of: pool)
            try await body(pool, request.context)
        }
        let spans = tracer.popFinishedSpans()
        #expect(spans.allSatisfy { $0.parentSpanID == request.spanID })
        #expect(spans.allSatisfy { $0.traceID == request.traceID })
        return spans
    }

    @Test func `a statement is a span under its name, without its values`() async throws {
        let spans = try await spans { pool, request in
            try await InstrumentationContext.withValue(request) {
                _ = try await pool.integer(ConnectionPoolTests.number, 7)
            }
        }
        #expect(spans.map(\.operationName) == ["number"])
        #expect(spans[0].kind == .client && spans[0].status == nil)
        #expect(
            spans[0].attributes == [
                "db.system.name": "postgresql", "db.query.summary": "number",
            ])
    }

    @Test func `an error is told by its code`() async throws {
        let spans = try await spans { pool, request in
            await InstrumentationContext.withValue(request) {
                _ = try? await pool.integer(ConnectionPoolTests.quotient, 0)
            }
        }
        #expect(spans.map(\.operationName) == ["quotient"])
        #expect(spans[0].status == SpanStatus(code: .error))
        #expect(
            spans[0].attributes == [
                "db.system.name": "postgresql", "db.query.summary": "quotient",
                "error.type": "server", "db.response.status_code": "22012",
            ])
    }

    @Test func `a transaction is its statements and its commit`() async throws {
        let spans = try await spans { pool, request in
            try await InstrumentationContext.withValue(request) {
                try await pool.withTransaction { transaction throws(PostgresError) in
                    _ = try await transaction.execute(ConnectionPoolTests.insert, 1)
                    _ = try await transaction.integer(ConnectionPoolTests.count)
                }
            }
        }
        // It may have had to wait for a connection that it has alone.
        let statements = spans.map(\.operationName).filter { $0 != "database pool wait" }
        #expect(statements == ["insert", "count", "commit"])
    }

    @Test func `whoever waits for a connection has a span for that`() async throws {
        let spans = try await spans(connections: 1) { pool, request in
            let waiting = try await pool.withConnection {
                (_: borrowing LeasedConnection) throws(PostgresError) in
                let waiting = Task {
                    try await InstrumentationContext.withValue(request) {
                        try await pool.integer(Self.longNumber, 7)
                    }
                }
                _ = await eventually { await pool.statistics.waiters == 1 }
                return waiting
            }
            #expect(try await waiting.value == 7)
        }
        #expect(spans.map(\.operationName) == ["database pool wait", "long_number"])
        #expect(spans[0].kind == .internal && spans[0].attributes == [:])
    }

    @Test func `outside of a request there are no spans`() async throws {
        let spans = try await spans { pool, _ in
            _ = try await pool.integer(ConnectionPoolTests.number, 7)
        }
        #expect(spans.isEmpty)
    }
}
