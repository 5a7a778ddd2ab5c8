import HTTP
import HTTPTypes
import Users

/// What the query of a list asks for, docs/api.md.
struct PageQuery: Equatable {
    private(set) var limit = PageLimit.standard
    private(set) var cursor: UserCursor?

    /// Reads the query of a target.
    /// - Throws: 400 for a malformed query or cursor, a limit out of range, and an unknown
    ///   parameter.
    init(_ target: RequestTarget) throws(Problem) {
        let query = try QueryReader(target, known: ["limit", "cursor"])
        if let text = try query.value(of: "limit") { limit = try Self.limit(parsing: text) }
        if let text = try query.value(of: "cursor") {
            guard let cursor = CursorText.cursor(parsing: text) else {
                throw Problem(
                    of: .invalidCursor,
                    detail: "A cursor is what next_cursor of a page gave, unchanged.")
            }
            self.cursor = cursor
        }
    }

    /// A limit is digits only; beyond its range it is refused, never clamped.
    private static func limit(parsing text: String) throws(Problem) -> PageLimit {
        guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            let count = Int(text), let limit = try? PageLimit(parsing: count)
        else {
            throw Problem(
                of: .invalidLimit,
                detail: "The limit is a number from \(PageLimit.range.lowerBound) "
                    + "to \(PageLimit.range.upperBound).")
        }
        return limit
    }
}
