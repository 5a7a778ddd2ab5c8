import Testing

@testable import TraceExport

@Suite("The spans that wait")
struct SpanQueueTests {
    private var queue = SpanQueue(spansMax: 4, batchMax: 2)

    private mutating func append(_ names: String...) throws -> [Bool] {
        try names.map { queue.append(try FinishedSpans.one($0)) }
    }

    @Test mutating func `a sleeping exporter is woken by the first span, and by a full batch`()
        throws
    {
        #expect(queue.nextStep() == .sleep)
        #expect(try append("a", "b", "c", "d") == [true, true, false, true])
        #expect(queue.nextStep() == .export)
    }

    @Test mutating func `an exporter that gathers is woken by a full batch alone`() throws {
        #expect(try append("a") == [false])
        #expect(queue.nextStep() == .gather)
        #expect(try append("b") == [true])
        #expect(queue.nextStep() == .export)
    }

    @Test mutating func `batches come in the order of their spans`() throws {
        _ = try append("a", "b", "c")
        #expect(queue.takeBatch().map(\.name) == ["a", "b"])
        #expect(queue.nextStep() == .gather)
        #expect(queue.takeBatch().map(\.name) == ["c"])
        #expect(queue.nextStep() == .sleep)
    }

    @Test mutating func `a span beyond the limit is dropped and counted`() throws {
        _ = try append("a", "b", "c", "d", "e", "f")
        #expect(queue.droppedCount == 2)
        #expect(queue.takeBatch().map(\.name) == ["a", "b"])
        _ = try append("g")
        #expect(queue.takeBatch().map(\.name) == ["c", "d"])
        #expect(queue.takeBatch().map(\.name) == ["g"])
        #expect(queue.droppedCount == 2)
    }

    @Test mutating func `what is there when it is closed is exported, and nothing more`() throws {
        _ = try append("a", "b", "c")
        queue.close()
        #expect(try append("d") == [false])
        #expect(queue.droppedCount == 1)
        #expect(queue.nextStep() == .export)
        _ = queue.takeBatch()
        #expect(queue.nextStep() == .export)
        #expect(queue.takeBatch().map(\.name) == ["c"])
        #expect(queue.nextStep() == .stop)
    }
}
