import Testing

@testable import Postgres

@Suite("Statements that are held back")
struct HeldStatementsTests {
    /// Reads are small letters, what stands alone is a capital one.
    private func held(_ letters: String) -> HeldStatements<Character> {
        letters.reduce(into: HeldStatements()) { held, letter in
            held.append(
                .init(
                    ConnectionPoolTests.number.text, Parameters(), for: letter,
                    standsAlone: letter.isUppercase))
        }
    }

    @Test(arguments: [
        ("", []), ("a", ["a"]), ("abc", ["abc"]), ("A", ["A"]), ("AB", ["A", "B"]),
        ("abAcBCde", ["ab", "A", "c", "B", "C", "de"]),
    ])
    func `reads go together, in order, and a write goes alone`(
        letters: String, expected: [String]
    ) {
        var held = held(letters)
        #expect(held.count == letters.count)
        var batches: [String] = []
        while !held.isEmpty { batches.append(String(held.takeBatch().map(\.ticket))) }
        #expect(batches == expected)
        #expect(held.takeBatch().isEmpty)
    }

    @Test func `what is left is handed over in order`() {
        var held = held("aBcD")
        _ = held.takeBatch()
        #expect(held.takeAll().map(\.ticket) == ["B", "c", "D"])
        #expect(held.isEmpty)
    }
}
