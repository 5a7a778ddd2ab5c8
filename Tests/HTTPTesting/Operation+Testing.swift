package import Routing

extension Operation {
    /// An operation of which nothing is told, for routes whose document nobody reads.
    package static let untold = Operation(
        "untold", tag: "tests", "Untold", access: .anybody, answers: [])
}
