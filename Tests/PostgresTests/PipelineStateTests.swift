import Testing

@testable import Postgres

@Suite("Pipeline state")
struct PipelineStateTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let events: [PipelineStory.Event]
        /// What callers were told, and what the pipeline noted, in order.
        let expected: [String]
    }

    @Test(arguments: [
        Case(
            testDescription: "reads of a batch are answered in order",
            events: [
                .read("a"), .read("b"), .sync,
                .result(.success), .result(.success), .result(.sync),
            ],
            expected: ["result a", "result b", "nothing"]),
        Case(
            testDescription: "a read in a second batch waits for the first",
            events: [
                .read("a"), .sync, .read("b"), .sync,
                .result(.success), .result(.sync), .result(.success), .result(.sync),
            ],
            expected: ["result a", "nothing", "result b", "nothing"]),
        Case(
            testDescription: "an error reaches one caller; the rest of the batch is aborted",
            events: [
                .read("a"), .read("b"), .read("c"), .sync, .read("d"), .sync,
                .result(.success), .result(.failure), .result(.aborted), .result(.sync),
                .result(.success), .result(.sync),
            ],
            expected: ["result a", "failure b", "aborted c", "nothing", "result d", "nothing"]),
        Case(
            testDescription: "a write is answered after its commit",
            events: [.write("w"), .sync, .result(.success), .result(.sync)],
            expected: ["keep", "kept w"]),
        Case(
            testDescription: "a write that fails is answered at once",
            events: [.write("w"), .sync, .result(.failure), .result(.sync)],
            expected: ["failure w", "nothing"]),
        Case(
            testDescription: "a commit that fails voids the result that was kept",
            events: [
                .write("w"), .sync, .result(.success), .result(.failure), .result(.sync),
            ],
            expected: ["keep", "failure w", "nothing"]),
        Case(
            testDescription: "a preparation has no caller of its own",
            events: [
                .prepare(1), .read("a"), .sync,
                .result(.success), .result(.success), .result(.sync),
            ],
            expected: ["nothing", "result a", "nothing"]),
        Case(
            testDescription: "a preparation that fails answers its statement",
            events: [
                .prepare(1), .read("a"), .read("b"), .sync,
                .result(.failure), .result(.aborted), .result(.aborted), .result(.sync),
            ],
            expected: ["failure a", "nothing", "aborted b", "nothing"]),
        Case(
            testDescription: "a preparation behind an error is aborted with its statement",
            events: [
                .read("a"), .prepare(1), .read("b"), .sync,
                .result(.failure), .result(.aborted), .result(.aborted), .result(.sync),
            ],
            expected: ["failure a", "nothing", "aborted b", "nothing"]),
        Case(
            testDescription: "a leased statement is answered when the server is done with it",
            events: [.leased("l"), .sync, .result(.success), .result(.sync)],
            expected: ["keep", "kept l"]),
        Case(
            testDescription: "what stands in front of a statement has no caller of its own",
            events: [
                .preamble, .prepare(1), .leased("l"), .sync, .result(.success),
                .result(.success), .result(.success), .result(.sync),
            ],
            expected: ["nothing", "nothing", "keep", "kept l"]),
        Case(
            testDescription: "what stands in front of a statement fails for it",
            events: [
                .preamble, .prepare(1), .leased("l"), .sync, .leased("m"), .sync,
                .result(.failure), .result(.aborted), .result(.aborted), .result(.sync),
                .result(.success), .result(.sync),
            ],
            expected: ["failure l", "nothing", "nothing", "nothing", "keep", "kept m"]),
        Case(
            testDescription: "a commit is answered with its sync",
            events: [.commit("c"), .sync, .result(.success), .result(.sync)],
            expected: ["keep", "kept c"]),
        Case(
            testDescription: "a commit that fails is answered at once",
            events: [.commit("c"), .sync, .result(.failure), .result(.sync)],
            expected: ["failure c", "nothing"]),
        Case(
            testDescription: "an answer without a question is out of step",
            events: [.result(.success)], expected: ["out of step"]),
        Case(
            testDescription: "a result in place of a sync is out of step",
            events: [.read("a"), .sync, .result(.success), .result(.success)],
            expected: ["result a", "out of step"]),
        Case(
            testDescription: "a sync in place of a result is out of step",
            events: [.read("a"), .sync, .result(.sync)], expected: ["out of step"]),
    ])
    func story(_ given: Case) {
        var story = PipelineStory()
        #expect(given.events.compactMap { story.play($0) } == given.expected)
    }

    @Test func `a statement stays prepared until its preparation fails or is aborted`() {
        for (kind, expected) in [
            (PipelineState<String>.ResultKind.success, true), (.failure, false), (.aborted, false),
        ] {
            var state = PipelineState<String>()
            state.preparationSent(7)
            state.readSent("a", statement: 7)
            state.syncSent()
            #expect(state.isPrepared(7))
            _ = state.resultArrived(kind)
            #expect(state.isPrepared(7) == expected)
        }
    }

    @Test func `a statement that the server does not know is prepared again, but not twice`() {
        var state = PipelineState<String>()
        // Sent when the statement counted as prepared; then its preparation was found aborted, and
        // another caller prepares it anew before the answer comes.
        state.readSent("early", statement: 7)
        state.syncSent()
        state.preparationSent(7)
        state.readSent("late", statement: 7)
        state.syncSent()
        #expect(PipelineStory.describe(state.resultArrived(.unknownStatement)) == "aborted early")
        #expect(state.isPrepared(7), "its preparation is under way")
        for kind in [PipelineState<String>.ResultKind.sync, .success, .success, .sync] {
            _ = state.resultArrived(kind)
        }
        #expect(state.isPrepared(7))
        state.readSent("later", statement: 7)
        state.syncSent()
        _ = state.resultArrived(.unknownStatement)
        #expect(!state.isPrepared(7))
    }

    @Test func `a statement that the server has already is sent again without preparation`() {
        var state = PipelineState<String>()
        state.preparationSent(7)
        state.readSent("a", statement: 7)
        state.syncSent()
        let told = [PipelineState<String>.ResultKind.alreadyPrepared, .aborted, .sync].map {
            PipelineStory.describe(state.resultArrived($0))
        }
        #expect(told == ["nothing", "aborted a", "nothing"])
        #expect(state.isPrepared(7))
    }

    @Test func `callers who were answered are let go of, although there are always others`() {
        final class Caller {}
        var state = PipelineState<Caller>()
        weak var first: Caller?
        for round in 0..<200 {
            let caller = Caller()
            if round == 0 { first = caller }
            state.readSent(caller, statement: 1)
            if round > 0 {
                _ = state.resultArrived(.success)
                _ = state.resultArrived(.sync)
            }
            state.syncSent()
        }
        #expect(first == nil && state.waitingCount == 1)
    }

    @Test func `random stories answer every caller exactly once, in order`() {
        for seed in 0..<1000 as Range<UInt64> {
            var model = PipelineModel(seed: seed)
            let told = model.run()
            #expect(told == model.asked, "seed \(seed)")
            #expect(model.state.isIdle && model.state.waitingCount == 0, "seed \(seed)")
        }
    }
}
