import LogTesting
import Testing

@testable import Postgres

@Suite("The log of outages")
struct OutageLogTests {
    @Test func `an outage that several pools notice is told once, and so is its end`() {
        let lines = LogLines()
        let log = OutageLog(logger: lines.logger)
        for _ in 0..<2 {
            log.poolFailed(.connectionFailed("refused"))
            log.poolFailed(.connectionFailed("starting up"))
            log.poolRecovered()
            log.poolRecovered()
        }
        let outage = [
            "Database unreachable: no connection to the database: refused",
            "Database reachable again",
        ]
        #expect(lines.all == outage + outage)
    }
}
