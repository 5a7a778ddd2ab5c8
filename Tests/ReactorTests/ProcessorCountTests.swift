import Testing

@testable import Reactor

@Suite("Processor count")
struct ProcessorCountTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let expected: Int?
        var testDescription: String { "\(text.debugDescription) is \(expected as Int?)" }
    }

    @Test(arguments: [
        Case(text: "max 100000\n", expected: nil),
        Case(text: "50000 100000\n", expected: 1),
        Case(text: "100000 100000\n", expected: 1),
        Case(text: "250000 100000\n", expected: 2),
        Case(text: "400000 100000", expected: 4),
        Case(text: "1 0\n", expected: nil),
        Case(text: "-1 100000\n", expected: nil),
        Case(text: "100000\n", expected: nil),
        Case(text: "", expected: nil),
    ])
    func quota(_ given: Case) {
        #expect(ProcessorCount.quota(cpuMax: given.text) == given.expected)
    }

    @Test func `there is at least one processor`() {
        #expect(ProcessorCount.available() >= 1)
    }
}
