import Testing

@testable import Postgres

@Suite("Pipeline state when the connection is lost")
struct PipelineLossTests {
    @Test func `a lost connection tells reads that nothing happened, writes that nobody knows`() {
        var story = PipelineStory()
        for event: PipelineStory.Event in [
            .write("kept"), .sync, .read("read"), .sync, .write("sent"), .sync, .result(.success),
        ] {
            _ = story.play(event)
        }
        #expect(story.loseConnection() == ["unknown kept", "harmless read", "unknown sent"])
        #expect(story.state.isIdle && story.state.waitingCount == 0)
    }

    @Test(arguments: [[], [PipelineStory.Event.result(.success), .result(.success)]])
    func `a lost lease changed nothing, unless its end was sent`(
        answers: [PipelineStory.Event]
    ) {
        var story = PipelineStory()
        let sent: [PipelineStory.Event] = [
            .preamble, .leased("leased"), .sync, .commit("commit"), .sync,
        ]
        for event in sent + answers { _ = story.play(event) }
        #expect(story.loseConnection() == ["harmless leased", "unknown commit"])
    }

    @Test func `only a write that was executed, and a commit that was sent, may be committed`() {
        var state = PipelineState<String>()
        state.writeSent("write", statement: 7)
        state.syncSent()
        #expect(!state.isCommitAwaited)
        _ = state.resultArrived(.success)
        #expect(state.isCommitAwaited)
        _ = state.resultArrived(.sync)
        state.leasedSent("leased", statement: 7)
        state.syncSent()
        _ = state.resultArrived(.success)
        #expect(!state.isCommitAwaited)
        _ = state.resultArrived(.sync)
        state.commitSent("commit")
        state.syncSent()
        #expect(state.isCommitAwaited)
    }

    @Test func `batches and their statements are counted, those of a lost connection too`() {
        var state = PipelineState<String>()
        for name in ["a", "b", "c"] { state.readSent(name, statement: 1) }
        state.syncSent()
        state.preambleSent()
        state.leasedSent("d", statement: 1)
        state.syncSent()
        var expected = PipelineStatistics()
        expected.batches = 2
        expected.queries = 4
        #expect(state.statistics == expected)
        #expect(expected.queriesPerBatch == 2 && PipelineStatistics().queriesPerBatch == 0)
        _ = state.connectionLost()
        #expect(state.statistics == expected)
    }

    @Test func `a caller whose preparation failed is not told a second time by a loss`() {
        var state = PipelineState<String>()
        state.preparationSent(1)
        state.readSent("a", statement: 7)
        state.readSent("b", statement: 7)
        state.syncSent()
        _ = state.resultArrived(.failure)
        #expect(state.connectionLost().count == 1)
    }
}
