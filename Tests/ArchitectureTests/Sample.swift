import Testing

/// A piece of source for a rule to look at, shown on one line.
struct Sample: ExpressibleByStringLiteral, Sendable, CustomTestStringConvertible {
    let text: String

    init(stringLiteral text: String) { self.text = text }

    var testDescription: String { text.debugDescription }
}
