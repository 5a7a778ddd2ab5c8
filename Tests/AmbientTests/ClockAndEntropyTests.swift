import Ambient
import Testing

@Suite("Clocks and random bits")
struct ClockAndEntropyTests {
    @Test func `a fixed clock stands still`() {
        let time = Timestamp(microsecondsSince1970: 42)
        let clock = WallClock.fixed(at: time)
        #expect(clock.now() == time)
        #expect(clock.now() == time)
    }

    @Test func `the system's clock shows a time of this century`() {
        let year2020 = Timestamp(microsecondsSince1970: 1_577_836_800_000_000)
        let year2100 = Timestamp(microsecondsSince1970: 4_102_444_800_000_000)
        #expect((year2020..<year2100).contains(WallClock.system.now()))
    }

    @Test func `the same seed gives the same bits, another seed others`() {
        let first = Entropy.seeded(1)
        let again = Entropy.seeded(1)
        let other = Entropy.seeded(2)
        let bits = (0..<8).map { _ in first.next() }
        #expect(bits == (0..<8).map { _ in again.next() })
        #expect(bits != (0..<8).map { _ in other.next() })
        #expect(Set(bits).count == 8)
    }

    @Test func `seeded bits are those of the published generator`() {
        #expect(Entropy.seeded(1_234_567).next() == 6_457_827_717_110_365_317)
    }

    @Test func `the system's bits differ from draw to draw`() {
        #expect(Entropy.system.next() != Entropy.system.next())
    }
}
