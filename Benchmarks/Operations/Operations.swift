/// Performs, as often as it is told, one of the operations that requests are made of, for
/// `Benchmarks/instructions` to count what it takes. Without arguments it prints their names.
///
/// An operation returns a number that all of its work goes into, so that the compiler leaves none
/// of it out.
@main
enum Operations {
    private static let all: KeyValuePairs<String, @Sendable (Int) async throws -> Int> = [
        "parse-request": parseRequests,
        "route": route,
        "user-json": writeUsers,
        "log-line": writeLogLines,
        "metrics": countRequests,
        "rate-limit-known": decideOnKnownClient,
        "rate-limit-new": decideOnNewClients,
        "pipeline-read": answerReads,
    ]

    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let name = arguments.first else {
            for operation in all { print(operation.key) }
            return
        }
        guard let operation = all.first(where: { $0.key == name })?.value,
            arguments.count == 2, let count = arguments.last.flatMap({ Int($0) })
        else { throw UnknownOperation(arguments: Array(arguments)) }
        print(try await operation(count))
    }
}

/// The arguments are not an operation's name and how often to perform it.
private struct UnknownOperation: Error {
    let arguments: [String]
}
