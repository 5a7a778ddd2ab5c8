import Ambient
import HTTP
import HTTPTypes
import Routing
import Users

/// What the query of a list asks for, docs/api.md.
struct PageQuery: Equatable {
    /// The years 0000 to 9999, which RFC 3339 can write and the database can keep, in microseconds
    /// since 1970.
    static let times: ClosedRange<Int64> =
        -62_167_219_200_000_000...253_402_300_799_999_999
    /// Those that clients are told of.
    private static let names = Operation.Parameter.listParameters.map(\.name)

    private(set) var limit = PageLimit.standard
    private(set) var cursor: UserCursor?
    private(set) var total = TotalKind.none
    private(set) var selection = UserSelection.all

    /// Reads the query of a target.
    /// - Throws: 400 for a malformed query, an unknown parameter, a limit or an order that there is
    ///   not, a filter with a value that it cannot have, and a cursor that is none or belongs to
    ///   another selection.
    init(_ target: RequestTarget, cursors: CursorText) throws(Problem) {
        let query = try QueryReader(target, known: Self.names)
        if let text = try query.value(of: "limit") { limit = try Self.limit(parsing: text) }
        if let text = try query.value(of: "sort") { selection.order = try Self.order(text) }
        selection.createdAfter = try Self.time("created_after", in: query)
        selection.createdBefore = try Self.time("created_before", in: query)
        selection.email = try Self.filter("email", in: query)
        selection.externalID = try Self.filter("external_id", in: query)
        selection.ids = try Self.ids(in: query)
        selection.status = try Self.filter("status", in: query)
        selection.role = try Self.filter("role", in: query)
        selection.term = try Self.filter("q", in: query)
        selection.includesDeleted = try query.flag("include_deleted")
        if let text = try query.value(of: "total") { total = try Self.total(text) }
        guard let text = try query.value(of: "cursor") else { return }
        cursor = try cursors.cursor(parsing: text, of: selection)
    }

    /// The target of the page after `cursor`.
    func target(after cursor: String) -> String {
        let parameters =
            [("limit", "\(limit.count)")] + selection.parameters
            + (total == .none ? [] : [("total", total.rawValue)]) + [("cursor", cursor)]
        return "/users?" + QueryParameters.text(of: parameters)
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

    private static func order(_ text: String) throws(Problem) -> UserSelection.Order {
        guard let order = UserSelection.Order(rawValue: text) else {
            let known = UserSelection.Order.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(of: .invalidSort, detail: "The orders are: \(known).")
        }
        return order
    }

    private static func total(_ text: String) throws(Problem) -> TotalKind {
        guard let total = TotalKind(rawValue: text) else {
            throw Problem(of: .invalidFilter, detail: "total is none, estimate or exact.")
        }
        return total
    }

    private static func time(_ name: String, in query: QueryReader) throws(Problem) -> Timestamp? {
        guard let text = try query.value(of: name) else { return nil }
        guard let time = Timestamp(rfc3339: text),
            times.contains(time.microsecondsSince1970)
        else {
            throw Problem(
                of: .invalidFilter,
                detail: "\(name) is a time such as 2026-11-22T20:46:00.123456Z (RFC 3339).")
        }
        return time
    }

    private static func filter<Value: ParsableFromText>(
        _ name: String, in query: QueryReader
    ) throws(Problem) -> Value? {
        guard let text = try query.value(of: name) else { return nil }
        do {
            return try Value(parsing: text)
        } catch {
            throw Problem(of: .invalidFilter, detail: "\(name): \(error.detail)")
        }
    }

    private static func ids(in query: QueryReader) throws(Problem) -> [UserID]? {
        guard let text = try query.value(of: "ids") else { return nil }
        let ids = text.split(separator: ",", omittingEmptySubsequences: false).map {
            UUID(parsing: String($0)).map(UserID.init)
        }
        guard ids.count <= UserSelection.idCountMax, !ids.contains(nil) else {
            throw Problem(
                of: .invalidFilter,
                detail: "ids is a list of at most \(UserSelection.idCountMax) UUIDs with commas "
                    + "between them.")
        }
        return ids.compactMap(\.self)
    }
}

extension UserSelection {
    /// The parameters of a query that asks for this selection, always in the same spelling.
    var parameters: [(name: String, value: String)] {
        var parameters: [(name: String, value: String)] = []
        if order != .newestFirst { parameters.append(("sort", order.rawValue)) }
        if let createdAfter { parameters.append(("created_after", createdAfter.rfc3339)) }
        if let createdBefore { parameters.append(("created_before", createdBefore.rfc3339)) }
        if let email { parameters.append(("email", email.rawValue)) }
        if let externalID { parameters.append(("external_id", externalID.rawValue)) }
        if let ids {
            parameters.append(("ids", ids.map(\.uuid.description).joined(separator: ",")))
        }
        if let status { parameters.append(("status", status.rawValue)) }
        if let role { parameters.append(("role", role.rawValue)) }
        if let term { parameters.append(("q", term.rawValue)) }
        if includesDeleted { parameters.append(("include_deleted", "true")) }
        return parameters
    }
}
