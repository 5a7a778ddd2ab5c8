import Testing

@testable import App

@Suite("The settings of the pool")
struct PoolSettingsTests {
    @Test(arguments: [
        ("DATABASE_POOL_MIN", "4", "a whole number from 1 to 3"),
        ("DATABASE_POOL_MIN", "0", "a whole number from 1 to 3"),
        ("DATABASE_POOL_WAITERS_MAX", "0", "a whole number from 1 to 100000"),
        ("DATABASE_POOL_IDLE_TIMEOUT", "999ms", "a duration from 1s to 24h"),
        ("DATABASE_CONNECTION_LIFETIME", "25h", "a duration from 1s to 24h"),
        ("DATABASE_IDLE_IN_TRANSACTION_TIMEOUT", "99ms", "a duration from 100ms to 1h"),
    ])
    func `a value out of its range is refused`(
        name: String, value: String, expected: String
    ) {
        let error = #expect(throws: InvalidConfiguration.self) {
            try ServiceConfiguration(
                from: .test(["DATABASE_URL": "url", "DATABASE_POOL_SIZE": "3", name: value]))
        }
        let faults = error?.faults.map(\.description) ?? []
        let fault = "\(name): \"\(value)\" is refused: expected \(expected)"
        #expect(faults.count == 1 && faults[0].hasPrefix(fault))
    }

    @Test func `a total is shared out over the loops, at least one for each`() {
        func shares(_ total: Int, _ loopCount: Int) -> [Int] {
            (0..<loopCount).map { PoolSettings.share(of: total, loop: $0, of: loopCount) }
        }
        #expect(shares(20, 3) == [7, 7, 6])
        #expect(shares(4, 2) == [2, 2])
        #expect(shares(1, 3) == [1, 1, 1])
    }
}
