package import HTTP
import HTTPTypes

/// The parameters of a request's query that an endpoint knows, each given once at most.
package struct QueryReader {
    private let query: QueryParameters

    /// Reads the query of a target.
    /// - Throws: 400 for a malformed query and for an unknown parameter: to ignore a filter would
    ///   show more than was asked for.
    package init(_ target: RequestTarget, known names: [String]) throws(Problem) {
        do {
            query = try QueryParameters(parsing: target.query ?? "")
        } catch {
            throw Problem(error)
        }
        guard query.parameters.allSatisfy({ names.contains($0.name) }) else {
            throw Problem(
                of: .unknownParameter, detail: "Known are: \(names.joined(separator: ", ")).")
        }
    }

    /// The value of a parameter; nil if it is not given.
    /// - Throws: 400 if it is given twice.
    package func value(of name: String) throws(Problem) -> String? {
        do {
            return try query.value(of: name)
        } catch {
            throw Problem(error)
        }
    }

    /// Whether a parameter is `true`; it is `false` if it is not given.
    /// - Throws: 400 for another value, and if it is given twice.
    package func flag(_ name: String) throws(Problem) -> Bool {
        switch try value(of: name) {
        case nil, "false": return false
        case "true": return true
        default:
            throw Problem(of: .invalidFlag, detail: "\(name) is true or false.")
        }
    }
}
