/// What is asked of a password (NIST SP 800-63B-4 §3.1.1.2): length, and no pattern that is
/// guessed first. There are no rules of composition.
package struct PasswordPolicy: Hashable, Sendable {
    /// What the shortest password may be configured to have, in code points.
    package static let codePointCountMinRange = 8...256
    /// The longest password in code points; a longer one is refused, never cut.
    package static let codePointCountMax = 256
    /// Octets beyond which no text, in whatever normal form, is anybody's password: 16 for each
    /// code point is more than any text has that normalises to so few.
    package static let octetsMax = 16 * codePointCountMax
    /// A name or local part shorter than this many code points is not looked for in a password.
    package static let givenTextCountMin = 4
    /// Neighbours that repeat or count up or down make a run from this many code points on.
    package static let runCountMin = 4

    /// The fewest code points.
    package let codePointCountMin: Int

    /// Makes a policy.
    /// - Parameter codePointCountMin: in ``codePointCountMinRange``; the configuration sees to it.
    package init(codePointCountMin: Int = 15) {
        precondition(
            Self.codePointCountMinRange.contains(codePointCountMin),
            "A password's least length is 8 to 256 code points, not \(codePointCountMin).")
        self.codePointCountMin = codePointCountMin
    }

    /// Checks what a normalised password is by itself.
    func check(_ password: [Unicode.Scalar]) throws(InvalidValue) {
        guard password.count >= codePointCountMin else {
            throw InvalidValue(
                .tooShort, "A password has at least \(codePointCountMin) code points.")
        }
        guard password.count <= Self.codePointCountMax else { throw Self.tooLong }
        let values = password.map { Int($0.value) }
        guard Self.countInRuns(of: values) * 2 < values.count else {
            throw InvalidValue(
                .passwordPredictable,
                "At least half of the password is runs such as 1111 or abcd.")
        }
        let period = Self.period(of: values)
        guard period >= codePointCountMin || period * 2 > values.count else {
            throw InvalidValue(
                .passwordPredictable, "The password repeats a text that would be too short itself.")
        }
    }

    static let tooLong = InvalidValue(.tooLong, "A password has at most 256 code points.")

    /// How many code points belong to runs: neighbours that are equal or count by one, up or down.
    private static func countInRuns(of values: [Int]) -> Int {
        var count = 0
        var start = 0
        while start < values.count {
            var end = start + 1
            if end < values.count, abs(values[end] - values[start]) <= 1 {
                let step = values[end] - values[start]
                while end < values.count, values[end] - values[end - 1] == step { end += 1 }
            }
            if end - start >= runCountMin {
                count += end - start
                start = end
            } else {
                start += 1
            }
        }
        return count
    }

    /// The smallest distance at which the text repeats itself to its end: 3 for `abcabcab`.
    ///
    /// It is the length less the longest border, found as Knuth, Morris and Pratt find it.
    private static func period(of values: [Int]) -> Int {
        var borders = [0]
        for index in values.indices.dropFirst() {
            var border = borders[index - 1]
            while border > 0, values[border] != values[index] { border = borders[border - 1] }
            borders.append(values[border] == values[index] ? border + 1 : 0)
        }
        return values.count - (borders.last ?? 0)
    }
}
