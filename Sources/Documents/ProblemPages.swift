package import HTTP
import HTTPTypes
package import Routing

/// `/problems` and `/problems/{code}`: what the `type` of a problem leads to (RFC 9457 §3.1.1).
package struct ProblemPages: Sendable {
    /// The pages' routes.
    package let routes: [Route]

    /// Makes the pages of all kinds of problems.
    ///
    /// - Precondition: no two have the same code.
    package init(of kinds: [ProblemKind]) {
        let kindsByCode = Dictionary(uniqueKeysWithValues: kinds.map { ($0.code, $0) })
        routes = [
            Route(.get, "/problems", .problemIndex, ProblemIndex(kinds: kinds)),
            Route(
                .get, "/problems/{code}", .problemPage, ProblemPage(kinds: kindsByCode)),
        ]
    }

    fileprivate static func index(of kinds: [ProblemKind]) -> Response {
        var page = HTMLPage(title: "Problems")
        page.element(
            "p", "Every error is told as Problem Details (RFC 9457), with one of these codes.")
        let sorted = kinds.sorted { ($0.status.code, $0.code) < ($1.status.code, $1.code) }
        page.table(
            ["Status", "Code", "Title"],
            sorted.map {
                [
                    .text("\($0.status.code)"), .link(to: "/problems/\($0.code)", code: $0.code),
                    .text($0.title),
                ]
            })
        return page.response
    }

    fileprivate static func page(of kind: ProblemKind) -> Response {
        var page = HTMLPage(title: kind.title)
        page.table(
            ["Status", "Code"], [[.text("\(kind.status.code)"), .code(kind.code)]])
        page.element("h2", "What it means")
        page.element("p", kind.meaning)
        page.element("h2", "What to do")
        page.element("p", kind.remedy)
        if !kind.faults.isEmpty {
            page.element("h2", "Codes in errors")
            page.table(
                ["Code", "Meaning"], kind.faults.map { [.code($0.code), .text($0.meaning)] })
        }
        page.element("h2", "Example")
        // A member on each line, so that it fits a phone.
        let json = String(decoding: kind.example, as: UTF8.self)
        page.element("pre", json.replacing(",\"", with: ",\n \""))
        page.link(to: "/problems", "All problems")
        return page.response
    }
}

// Pages are seldom read, so they are made when they are.

private struct ProblemIndex: Endpoint {
    let kinds: [ProblemKind]

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        ProblemPages.index(of: kinds)
    }
}

private struct ProblemPage: Endpoint {
    let kinds: [String: ProblemKind]

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        guard let kind = kinds[parameters["code"]] else { throw .notFound }
        return ProblemPages.page(of: kind)
    }
}
