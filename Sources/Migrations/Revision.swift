/// The number of a migration, written with four digits: `0001` to `9999`.
package struct Revision: Hashable, Comparable, Sendable {
    /// From 1 to 9999.
    package let number: Int

    /// Makes a revision from its number, which must be from 1 to 9999.
    package init(number: Int) {
        precondition((1...9999).contains(number), "No migration has the number \(number).")
        self.number = number
    }

    /// Reads exactly four ASCII digits; nil for anything else, and for `0000`.
    package init?(parsing text: some StringProtocol) {
        guard text.utf8.count == 4, text.utf8.allSatisfy(isDigit),
            let number = Int(text), number > 0
        else { return nil }
        self.number = number
    }

    /// Whether `left` comes before `right`.
    package static func < (left: Revision, right: Revision) -> Bool {
        left.number < right.number
    }
}

extension Revision: CustomStringConvertible {
    /// Four digits.
    package var description: String {
        String(repeating: "0", count: 4 - String(number).count) + String(number)
    }
}

/// Whether `byte` is an ASCII digit.
func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
