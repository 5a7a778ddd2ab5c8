import Testing

@testable import Reactor

/// Takes texts from whoever is on its loop.
private actor Collector {
    /// More than fits into registers.
    struct Wide: Equatable, Sendable {
        var numbers: InlineArray<12, Int>
        var text: String

        static func == (left: Wide, right: Wide) -> Bool {
            left.text == right.text
                && left.numbers.indices.allSatisfy { left.numbers[$0] == right.numbers[$0] }
        }
    }

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    private(set) var texts: [String] = []

    init(loop: EventLoop) { self.loop = loop }

    nonisolated func take(_ text: String, _ others: [String], _ wide: Wide) -> Wide {
        assumeOnLoop(loop.isCurrent, (text: text, others: others, wide: wide)) { collector, given in
            collector.texts += [given.text] + given.others
            var wide = given.wide
            for index in wide.numbers.indices { wide.numbers[index] += collector.texts.count }
            wide.text += given.text
            return wide
        }
    }

    nonisolated var count: Int { assumeOnLoop(loop.isCurrent) { $0.texts.count } }
}

@Suite("Calls of an actor by whoever is on its loop")
struct AssumeOnLoopTests {
    @Test func `what is passed and returned arrives, and the actor changes`() async throws {
        let loop = try EventLoop()
        try loop.start()
        defer { loop.stop() }
        let collector = Collector(loop: loop)
        let (wide, count) = await loop.run { _ in
            let wide = collector.take(
                "a", ["b", "c"], Collector.Wide(numbers: InlineArray(repeating: 4), text: "x"))
            return (wide, collector.count)
        }
        #expect(wide == Collector.Wide(numbers: InlineArray(repeating: 7), text: "xa"))
        #expect(count == 3)
        #expect(await collector.texts == ["a", "b", "c"])
    }

    @Test func `who is not on the loop is stopped`() async {
        await #expect(processExitsWith: .failure) {
            let loop = try EventLoop()
            try loop.start()
            _ = Collector(loop: loop).count
        }
    }
}
