import Testing

@testable import App

@Suite("Typed values")
struct ConfigurationReaderTests {
    enum Colour: String, CaseIterable {
        case red
        case green
    }

    /// A value as it is given, and what is read; nil stands for a fault.
    struct Case<Value: Sendable>: Sendable, CustomTestStringConvertible {
        let given: String
        let expected: Value?
        var testDescription: String { given.debugDescription }

        init(_ given: String, _ expected: Value?) {
            (self.given, self.expected) = (given, expected)
        }
    }

    private static let integerGiven: [Case<Int>] = [
        Case("", 7), Case("1", 1), Case("10", 10), Case("007", 7), Case("0", nil),
        Case("11", nil), Case("-1", nil), Case("+1", nil), Case(" 1", nil), Case("1 ", nil),
        Case("1.0", nil), Case("1e1", nil), Case("0x1", nil), Case("٣", nil), Case("x", nil),
        Case("99999999999999999999999999", nil),
    ]

    @Test(arguments: integerGiven)
    func integers(_ given: Case<Int>) {
        #expect(read(given.given) { $0.integer(.port, default: 7, in: 1...10) } == given.expected)
    }

    private static let durationGiven: [Case<Duration>] = [
        Case("", .seconds(7)), Case("10ms", .milliseconds(10)), Case("1s", .seconds(1)),
        Case("5m", .seconds(300)), Case("2h", .seconds(7200)), Case("1500ms", .milliseconds(1500)),
        Case("9ms", nil), Case("3h", nil), Case("0s", nil), Case("10", nil), Case("s", nil),
        Case("1.5s", nil), Case("1 s", nil), Case("-1s", nil), Case("1S", nil), Case("1d", nil),
        Case("1h30m", nil), Case("1us", nil), Case("9999999999ms", nil), Case("1s ", nil),
    ]

    @Test(arguments: durationGiven)
    func durations(_ given: Case<Duration>) {
        let value = read(given.given) { reader in
            reader.duration(
                .port, default: .seconds(7), in: .milliseconds(10)...Duration.seconds(7200))
        }
        #expect(value == given.expected)
    }

    private static let sizeGiven: [Case<Int>] = [
        Case("", 7), Case("1", 1), Case("512", 512), Case("64KiB", 65_536),
        Case("1MiB", 1 << 20), Case("1GiB", 1 << 30), Case("1025MiB", nil), Case("0", nil),
        Case("64KB", nil), Case("64kib", nil), Case("64K", nil), Case("64 KiB", nil),
        Case("KiB", nil), Case("1.5KiB", nil), Case("-1", nil), Case("999999999GiB", nil),
    ]

    @Test(arguments: sizeGiven)
    func sizes(_ given: Case<Int>) {
        let value = read(given.given) { $0.byteSize(.port, default: 7, in: 1...1 << 30) }
        #expect(value == given.expected)
    }

    private static let booleanGiven: [Case<Bool>] = [
        Case("true", true), Case("True", true), Case("TRUE", true), Case("1", true),
        Case("yes", true), Case("on", true), Case("On", true), Case("false", false),
        Case("False", false), Case("0", false), Case("no", false), Case("off", false),
        Case("", false), Case("y", nil), Case("t", nil), Case("2", nil), Case("true ", nil),
        Case("enabled", nil),
    ]

    @Test(arguments: booleanGiven)
    func booleans(_ given: Case<Bool>) {
        #expect(read(given.given) { $0.boolean(.port, default: false) } == given.expected)
        if given.given.isEmpty {
            #expect(read("") { $0.boolean(.port, default: true) } == true)
        }
    }

    private static let choiceGiven: [Case<Colour>] = [
        Case("red", Colour.red), Case("GREEN", .green), Case("", .green), Case("blue", nil),
        Case("red,green", nil),
    ]

    @Test(arguments: choiceGiven)
    func choices(_ given: Case<Colour>) {
        #expect(read(given.given) { $0.choice(.port, default: Colour.green) } == given.expected)
    }

    struct FaultCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let given: String
        let read: @Sendable (inout ConfigurationReader) -> Void
        let expected: String
    }

    @Test(arguments: [
        FaultCase(
            testDescription: "a number", given: "80a",
            read: { _ = $0.integer(.port, default: 1, in: 0...65_535) },
            expected: #"PORT: "80a" is refused: expected a whole number from 0 to 65535"#),
        FaultCase(
            testDescription: "a duration", given: "5",
            read: { _ = $0.duration(.port, default: .zero, in: .zero...Duration.seconds(5400)) },
            expected: #"PORT: "5" is refused: expected a duration from 0ms to 90m, "#
                + "such as 250ms, 10s, 5m or 2h"),
        FaultCase(
            testDescription: "a size", given: "5kb",
            read: { _ = $0.byteSize(.port, default: 1, in: 1500...3 << 20) },
            expected: #"PORT: "5kb" is refused: expected a size in bytes from 1500 to 3MiB, "#
                + "such as 512, 64KiB or 1MiB"),
        FaultCase(
            testDescription: "a switch", given: "maybe",
            read: { _ = $0.boolean(.port, default: true) },
            expected: #"PORT: "maybe" is refused: expected true or false "#
                + "(or 1, 0, yes, no, on, off)"),
        FaultCase(
            testDescription: "a choice", given: "blue",
            read: { _ = $0.choice(.port, default: Colour.red) },
            expected: #"PORT: "blue" is refused: expected one of red, green"#),
        FaultCase(
            testDescription: "a value that would break the line", given: "a\nb\u{1B}[31m",
            read: { _ = $0.boolean(.port, default: true) },
            expected: #"PORT: "a\nb\u{1B}[31m" is refused: expected true or false "#
                + "(or 1, 0, yes, no, on, off)"),
        FaultCase(
            testDescription: "a long value", given: String(repeating: "x", count: 1000),
            read: { _ = $0.integer(.port, default: 1, in: 0...1) },
            expected: "PORT: \"\(String(repeating: "x", count: 100))\"… is refused: "
                + "expected a whole number from 0 to 1"),
    ])
    func `a fault says where, what, and what is accepted`(_ given: FaultCase) {
        let error = #expect(throws: InvalidConfiguration.self) {
            try ConfigurationReader.read(from: .test(["PORT": given.given])) { given.read(&$0) }
        }
        #expect(error?.description == given.expected)
    }

    /// What `body` reads of `PORT=value`, or nil if that is a fault.
    private func read<Value>(
        _ value: String, _ body: (inout ConfigurationReader) -> Value
    ) -> Value? {
        try? ConfigurationReader.read(from: .test(["PORT": value]), body)
    }
}
