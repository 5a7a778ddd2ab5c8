package import Gzip
package import HTTP
import HTTPTypes
package import Reactor
package import Routing

/// `/problems` and `/problems/{code}`: what the `type` of a problem leads to (RFC 9457 §3.1.1).
package struct ProblemPages: Sendable {
    /// The pages' routes.
    package let routes: [Route]

    /// Makes the pages of all kinds of problems.
    ///
    /// - Parameters:
    ///   - compression: nil if nothing is to be sent in gzip.
    ///   - pool: Where they are made.
    /// - Precondition: no two have the same code.
    package init(
        of kinds: [ProblemKind], compression: CompressionPolicy?, madeOn pool: OffloadPool
    ) {
        let index = LazyDocument(madeOn: pool) {
            .page(Self.index(of: kinds), caching: .hour, compression)
        }
        let pages = kinds.map { kind in
            let page = LazyDocument(madeOn: pool) {
                .page(Self.page(of: kind), caching: .hour, compression)
            }
            return (kind.code, page)
        }
        routes = [
            Route(.get, "/problems", .problemIndex, index),
            Route(
                .get, "/problems/{code}", .problemPage,
                ProblemPage(pages: Dictionary(uniqueKeysWithValues: pages))),
        ]
    }

    private static func index(of kinds: [ProblemKind]) -> String {
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
        return page.text
    }

    private static func page(of kind: ProblemKind) -> String {
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
        return page.text
    }
}

private struct ProblemPage: Endpoint {
    let pages: [String: LazyDocument]

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        guard let page = pages[parameters["code"]] else { throw .notFound }
        return try await page.respond(to: request, parameters)
    }
}
