import Testing

@testable import Postgres

@Suite("Pipeline state: writes that share a commit")
struct PipelineBatchTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let events: [PipelineStory.Event]
        /// What callers were told, and what the pipeline noted, in order.
        var told: [String] = []
        /// What those who are left are told when the connection is lost after that.
        var lost: [String] = []
        var isCommitAwaited = false
    }

    @Test(arguments: [
        Case(
            testDescription: "all are answered after their commit, in order",
            events: [
                .batchedWrite("a"), .batchedWrite("b"), .sync, .result(.success),
                .result(.success), .result(.sync),
            ],
            told: ["keep", "keep", "kept a b"]),
        Case(
            testDescription: "an error rolls back all of them, those before it too",
            events: [
                .batchedWrite("a"), .batchedWrite("b"), .batchedWrite("c"), .sync,
                .result(.success), .result(.failure), .result(.aborted), .result(.sync),
            ],
            told: ["keep", "nothing", "nothing", "rolled back a b c"]),
        Case(
            testDescription: "an error of the commit rolls back all of them",
            events: [
                .batchedWrite("a"), .batchedWrite("b"), .sync, .result(.success),
                .result(.success), .result(.failure), .result(.sync),
            ],
            told: ["keep", "keep", "nothing", "rolled back a b"]),
        Case(
            testDescription: "a preparation that fails rolls back all of them",
            events: [
                .prepare(1), .batchedWrite("a"), .batchedWrite("b"), .sync, .result(.failure),
                .result(.aborted), .result(.aborted), .result(.sync),
            ],
            told: ["nothing", "nothing", "nothing", "rolled back a b"]),
        Case(
            testDescription: "a statement that the server does not know rolls back all of them",
            events: [
                .batchedWrite("a"), .batchedWrite("b"), .sync, .result(.success),
                .result(.unknownStatement), .result(.sync),
            ],
            told: ["keep", "nothing", "rolled back a b"]),
        Case(
            testDescription: "the next batch has nothing of one that was rolled back",
            events: [
                .batchedWrite("a"), .sync, .result(.failure), .result(.sync),
                .batchedWrite("b"), .sync, .result(.success), .result(.sync),
            ],
            told: ["nothing", "rolled back a", "keep", "kept b"]),
        Case(
            testDescription: "a sync in place of a result is out of step",
            events: [
                .batchedWrite("a"), .batchedWrite("b"), .sync, .result(.success), .result(.sync),
            ],
            told: ["keep", "out of step"], lost: ["unknown a", "unknown b"]),
        Case(
            testDescription: "nobody knows of a batch that was sent",
            events: [.batchedWrite("a"), .batchedWrite("b"), .sync],
            lost: ["unknown a", "unknown b"]),
        Case(
            testDescription: "nor of one that was executed, in which nothing has failed",
            events: [
                .batchedWrite("a"), .batchedWrite("b"), .sync, .result(.success), .result(.success),
            ],
            told: ["keep", "keep"], lost: ["unknown a", "unknown b"], isCommitAwaited: true),
        Case(
            testDescription: "before its last statement is executed, a batch is not committed",
            events: [.batchedWrite("a"), .batchedWrite("b"), .sync, .result(.success)],
            told: ["keep"], lost: ["unknown a", "unknown b"]),
        Case(
            testDescription: "a batch in which something has failed changed nothing",
            events: [
                .batchedWrite("a"), .batchedWrite("b"), .batchedWrite("c"), .sync,
                .batchedWrite("d"), .sync, .result(.success), .result(.failure),
            ],
            told: ["keep", "nothing"],
            lost: ["harmless a", "harmless b", "harmless c", "unknown d"]),
        Case(
            testDescription: "a batch whose commit has failed changed nothing",
            events: [.batchedWrite("a"), .sync, .result(.success), .result(.failure)],
            told: ["keep", "nothing"], lost: ["harmless a"]),
        Case(
            testDescription: "a batch whose preparation has failed changed nothing",
            events: [
                .prepare(1), .batchedWrite("a"), .batchedWrite("b"), .sync, .result(.failure),
            ],
            told: ["nothing"], lost: ["harmless a", "harmless b"]),
        Case(
            testDescription: "nor did one whose statement was prepared already",
            events: [.prepare(1), .batchedWrite("a"), .sync, .result(.alreadyPrepared)],
            told: ["nothing"], lost: ["harmless a"]),
        Case(
            testDescription: "a batch that no sync has closed changed nothing",
            events: [.batchedWrite("a"), .sync, .batchedWrite("b")],
            lost: ["unknown a", "harmless b"]),
    ])
    func story(_ given: Case) {
        var story = PipelineStory()
        #expect(given.events.compactMap { story.play($0) } == given.told)
        #expect(story.state.isCommitAwaited == given.isCommitAwaited)
        #expect(story.state.waitingCount == given.lost.count)
        #expect(story.loseConnection() == given.lost)
        #expect(story.state.isIdle && story.state.waitingCount == 0)
    }

    @Test func `a statement that the server does not know is prepared again`() {
        var state = PipelineState<String>()
        state.preparationSent(7)
        state.batchedWriteSent("a", statement: 7)
        state.syncSent()
        for kind in [PipelineState<String>.ResultKind.success, .success, .sync] {
            _ = state.resultArrived(kind)
        }
        #expect(state.isPrepared(7))
        state.batchedWriteSent("b", statement: 7)
        state.syncSent()
        _ = state.resultArrived(.unknownStatement)
        #expect(!state.isPrepared(7))
    }
}
