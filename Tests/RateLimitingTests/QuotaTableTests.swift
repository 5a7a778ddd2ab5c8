import Ambient
import HTTP
import Testing

@testable import RateLimiting

@Suite("The quotas of many clients")
struct QuotaTableTests {
    private let limit = RateLimit(requestCount: 3, windowSeconds: 60)

    /// A network of 64 bits of a site, an IPv6 network of 48 bits.
    private func network(_ subnet: UInt64, of site: UInt64, host: UInt64 = 1) -> ClientAddress {
        ClientAddress(high: 0x2001_0db8_0000_0000 + site << 16 + subnet, low: host)
    }

    /// How many of `count` requests of a client are admitted.
    private func admissions(
        _ table: inout QuotaTable, _ client: ClientAddress, count: Int = 10,
        at time: Duration = .zero
    ) -> Int {
        (0..<count).count { _ in table.decide(.network(of: client), at: time).isAdmitted }
    }

    @Test func `each IPv4 address has a quota, and each IPv6 network of 64 bits`() {
        var table = QuotaTable(limit, groupCount: 4096)
        #expect(admissions(&table, ClientAddress(v4: 1)) == 3)
        #expect(admissions(&table, ClientAddress(v4: 2)) == 3)
        #expect(admissions(&table, network(0, of: 0, host: 1)) == 3)
        #expect(admissions(&table, network(0, of: 0, host: 2)) == 0)
        #expect(admissions(&table, network(1, of: 0)) == 3)
        #expect(table.keyCount == 4)
    }

    @Test func `an earlier time than before counts as the same`() {
        var table = QuotaTable(limit, groupCount: 4096)
        #expect(admissions(&table, ClientAddress(v4: 1), at: .seconds(100)) == 3)
        #expect(admissions(&table, ClientAddress(v4: 2), at: .seconds(50)) == 3)
        let decision = table.decide(.network(of: ClientAddress(v4: 2)), at: .zero)
        let standing = RateLimitStanding(remaining: 0, secondsUntilRestored: 60)
        #expect(decision == .refused(standing, retryAfterSeconds: 20))
        #expect(admissions(&table, ClientAddress(v4: 2), at: .seconds(120)) == 1)
    }

    @Test func `whose quota is whole again makes room, and nobody else does`() {
        var table = QuotaTable(limit, groupCount: 2)
        // Sixteen slots: the first client's quota is whole after 20 s, the others' after 60 s.
        #expect(admissions(&table, ClientAddress(v4: 1), count: 1) == 1)
        for index in 2...16 as ClosedRange<UInt32> {
            #expect(admissions(&table, ClientAddress(v4: index)) == 3)
        }
        // Those that find no room share one quota.
        #expect(admissions(&table, ClientAddress(v4: 17), count: 2, at: .seconds(19)) == 2)
        #expect(admissions(&table, ClientAddress(v4: 18), at: .seconds(19)) == 1)
        #expect(admissions(&table, ClientAddress(v4: 17), at: .seconds(20)) == 3)
        #expect(table.keyCount == 16)
        for index in 2...16 as ClosedRange<UInt32> {
            // One of three has been made good since.
            #expect(admissions(&table, ClientAddress(v4: index), at: .seconds(20)) == 1)
        }
    }

    @Test func `memory is bounded, and so is what a flood from everywhere is admitted`() {
        var table = QuotaTable(limit, groupCount: 8)
        let slots = 8 * QuotaTable.slotsMax
        var admitted = 0
        for index in 0..<10_000 {
            admitted += admissions(&table, ClientAddress(v4: UInt32(index)), count: 1)
            admitted += admissions(&table, network(0, of: UInt64(index)), count: 1)
        }
        #expect(table.keyCount == slots)
        // A slot's client came once; the shared quota of each of the eight groups is used up.
        #expect(admitted == slots + 8 * 3)
    }

    @Test func `the table has room for sixteen clients in each group`() {
        var table = QuotaTable(limit, groupCount: 4096)
        for index in 0..<20_000 {
            _ = admissions(&table, ClientAddress(v4: UInt32(index)), count: 1)
        }
        // A few groups get more than sixteen of the ten that are usual.
        #expect((19_000...20_000).contains(table.keyCount))
    }

    @Test func `all networks of a site gain seventeen quotas and harm no other site`() throws {
        var table = QuotaTable(limit, groupCount: 4096)
        let group = table.groupIndex(of: network(0, of: 0))
        let other = try #require(
            (1...100).first { table.groupIndex(of: network(0, of: $0)) != group })
        #expect(admissions(&table, network(7, of: other), count: 2) == 2)
        let admitted = (0..<65_536).reduce(0) { sum, subnet in
            sum + admissions(&table, network(UInt64(subnet), of: 0), count: 4)
        }
        #expect(admitted == (QuotaTable.slotsMax + 1) * limit.requestCount)
        #expect(admissions(&table, network(7, of: other)) == 1)
        #expect(admissions(&table, network(8, of: other)) == 3)
    }

    @Test func `however many networks of IPv6 there are, IPv4 is as it was`() {
        var table = QuotaTable(limit, groupCount: 4)
        #expect(admissions(&table, ClientAddress(v4: 1), count: 2) == 2)
        for site in 0..<10_000 as Range<UInt64> {
            _ = admissions(&table, network(0, of: site), count: 1)
        }
        #expect(admissions(&table, ClientAddress(v4: 1)) == 1)
        #expect(admissions(&table, ClientAddress(v4: 2)) == 3)
    }

    @Test(arguments: 0..<20)
    func `with room for all, each client is limited as if it were alone`(_ seed: Int) {
        let random = Entropy.seeded(UInt64(seed))
        var table = QuotaTable(limit, groupCount: 2)
        let rate = CellRate(limit)
        var alone: [ClientAddress: CellRate.Ticks] = [:]
        var now = Duration.zero
        for _ in 0..<5000 {
            now += .milliseconds(Int(random.next() % 2000))
            let number = random.next() % 32
            let client =
                number < 16
                ? ClientAddress(v4: UInt32(number)) : network(number, of: number)
            #expect(
                table.decide(.network(of: client), at: now)
                    == rate.decide(
                        &alone[client.network, default: 0], now: rate.ticks(of: now)))
        }
    }
}

extension QuotaTable {
    /// Decides on a request of a client who has the place that follows from its key.
    mutating func decide(_ key: RateLimitKey, at time: Duration) -> RateLimitDecision {
        decide(key, placedBy: key.placement, at: time)
    }

    fileprivate func groupIndex(of network: ClientAddress) -> Int {
        let key = RateLimitKey.network(of: network)
        return groupIndex(of: key, placedBy: key.placement)
    }
}
