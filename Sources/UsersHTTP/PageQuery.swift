import HTTP
import HTTPTypes
import Users

/// What the query of a list asks for, docs/api.md.
struct PageQuery: Equatable {
    private static let limitName = "limit"
    private static let cursorName = "cursor"

    private(set) var limit = PageLimit.standard
    private(set) var cursor: UserCursor?

    /// Reads a query, without its `?`.
    /// - Throws: 400 for a malformed query or cursor, a limit out of range, and an unknown
    ///   parameter: to ignore a filter would show more than was asked for.
    init(parsing text: String) throws(Problem) {
        let query = try Self.parameters(text)
        for parameter in query.parameters
        where ![Self.limitName, Self.cursorName].contains(parameter.name) {
            throw Self.problem(
                "unknown_parameter", "A parameter of the query is unknown",
                "Known are: \(Self.limitName), \(Self.cursorName).")
        }
        if let text = try Self.value(of: Self.limitName, in: query) {
            limit = try Self.limit(parsing: text)
        }
        if let text = try Self.value(of: Self.cursorName, in: query) {
            guard let cursor = CursorText.cursor(parsing: text) else {
                throw Self.problem(
                    "invalid_cursor", "The cursor is invalid",
                    "A cursor is what next_cursor of a page gave, unchanged.")
            }
            self.cursor = cursor
        }
    }

    private static func parameters(_ text: String) throws(Problem) -> QueryParameters {
        do {
            return try QueryParameters(parsing: text)
        } catch {
            throw Problem(error)
        }
    }

    private static func value(
        of name: String, in query: QueryParameters
    ) throws(Problem) -> String? {
        do {
            return try query.value(of: name)
        } catch {
            throw Problem(error)
        }
    }

    /// A limit is digits only; beyond its range it is refused, never clamped.
    private static func limit(parsing text: String) throws(Problem) -> PageLimit {
        guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            let count = Int(text), let limit = try? PageLimit(parsing: count)
        else {
            throw problem(
                "invalid_limit", "The limit is out of range",
                "The limit is a number from \(PageLimit.range.lowerBound) "
                    + "to \(PageLimit.range.upperBound).")
        }
        return limit
    }

    private static func problem(_ code: String, _ title: String, _ detail: String) -> Problem {
        Problem(status: .badRequest, code: code, title: title, detail: detail)
    }
}
