import Testing

@testable import App

@Suite("Shares of the descriptors")
struct DescriptorBudgetTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var limit = 1024
        var wanted = 16_384
        var loops = 2
        var databaseConnections = 20
        var hasMetricsPort = false
        let reserve: Int
        let connectionsMax: Int
    }

    @Test(arguments: [
        Case(testDescription: "too few for all that are wanted", reserve: 112, connectionsMax: 912),
        Case(
            testDescription: "enough", limit: 1 << 20, reserve: 112, connectionsMax: 16_384),
        Case(
            testDescription: "just enough", limit: 1024, wanted: 912, reserve: 112,
            connectionsMax: 912),
        Case(testDescription: "room for one", limit: 113, reserve: 112, connectionsMax: 1),
        Case(
            testDescription: "one loop, one connection to the database", limit: 100, loops: 1,
            databaseConnections: 1, reserve: 70, connectionsMax: 30),
        Case(
            testDescription: "a port for metrics", hasMetricsPort: true, reserve: 134,
            connectionsMax: 890),
        Case(
            testDescription: "as many of both as can be set", limit: 1 << 20, wanted: 10_000_000,
            loops: 1024, databaseConnections: 1000, reserve: 6160, connectionsMax: 1_042_416),
    ])
    func `clients have what the rest of the process does not need`(_ given: Case) throws {
        let budget = try DescriptorBudget(
            limit: given.limit, connectionsMax: given.wanted, loops: given.loops,
            databaseConnections: given.databaseConnections, hasMetricsPort: given.hasMetricsPort)
        #expect(budget.reserve == given.reserve)
        #expect(budget.connectionsMax == given.connectionsMax)
    }

    @Test(arguments: [0, 64, 112])
    func `without room for a client the service does not start`(_ limit: Int) {
        let failure = #expect(throws: StartFailure.self) {
            try DescriptorBudget(
                limit: limit, connectionsMax: 1, loops: 2, databaseConnections: 20,
                hasMetricsPort: false)
        }
        #expect(
            failure?.description
                == "the process may open \(limit) descriptors and needs 113 or more; raise the "
                + "limit (ulimit -n)")
    }
}
