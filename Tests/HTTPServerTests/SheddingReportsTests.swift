import Ambient
import Testing

@testable import HTTPServer

@Suite("Reports of connections shed")
struct SheddingReportsTests {
    @Test func `a flood is one report, and another for each minute that it lasts`() {
        let start = MonotonicTime.now
        var reports = SheddingReports()
        let made = (0..<150).map { second in
            reports.connectionShed(.connections, now: start + .seconds(second))
        }
        #expect(made[0] == Shedding(reason: .connections, count: 1))
        #expect(made[60] == Shedding(reason: .connections, count: 60))
        #expect(made[120] == Shedding(reason: .connections, count: 60))
        #expect(made.count { $0 != nil } == 3)
    }

    @Test func `reasons do not hide each other`() {
        let now = MonotonicTime.now
        var reports = SheddingReports()
        for reason in [Shedding.Reason.descriptors, .connections, .connectionsOfClient] {
            let report = Shedding(reason: reason, count: 1)
            #expect(reports.connectionShed(reason, now: now) == report)
            #expect(reports.connectionShed(reason, now: now) == nil)
        }
    }
}
