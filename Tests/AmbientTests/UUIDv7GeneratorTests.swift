import Ambient
import Synchronization
import Testing

@Suite("UUIDv7, RFC 9562 §5.7 and §6.2")
struct UUIDv7GeneratorTests {
    /// A clock that a test moves, in milliseconds since 1970.
    final class ManualClock: Sendable {
        private let milliseconds: Atomic<Int64>

        init(milliseconds: Int64) {
            self.milliseconds = Atomic(milliseconds)
        }

        func set(milliseconds: Int64) {
            self.milliseconds.store(milliseconds, ordering: .relaxed)
        }

        var wallClock: WallClock {
            WallClock {
                Timestamp(
                    microsecondsSince1970: self.milliseconds.load(ordering: .relaxed) * 1_000)
            }
        }
    }

    private func milliseconds(of uuid: UUID) -> UInt64 { uuid.high >> 16 }
    private func counter(of uuid: UUID) -> UInt64 { uuid.high & 0xFFF }

    @Test func `time, version, variant and random bits are in their places`() {
        let clock = WallClock.fixed(at: Timestamp(microsecondsSince1970: 1_645_557_742_000_999))
        let uuid = UUIDv7Generator(clock: clock, entropy: Entropy { .max }).next()
        #expect(uuid.description == "017f22e2-79b0-77ff-bfff-ffffffffffff")
    }

    @Test func `the counter starts below half its range`() {
        for seed in 0..<200 {
            let clock = WallClock.fixed(at: Timestamp(microsecondsSince1970: 5_000))
            let generator = UUIDv7Generator(clock: clock, entropy: .seeded(UInt64(seed)))
            #expect(counter(of: generator.next()) < 2_048)
        }
    }

    @Test func `within a millisecond the counter counts up by one`() {
        let clock = WallClock.fixed(at: Timestamp(microsecondsSince1970: 5_000))
        let generator = UUIDv7Generator(clock: clock, entropy: .seeded(1))
        let first = generator.next()
        let second = generator.next()
        #expect(milliseconds(of: second) == 5)
        #expect(counter(of: second) == counter(of: first) + 1)
        #expect(first.low != second.low)
    }

    @Test func `a full counter carries into the millisecond, and the clock catches up`() {
        let clock = ManualClock(milliseconds: 5)
        let generator = UUIDv7Generator(clock: clock.wallClock, entropy: Entropy { 0 })
        var last = generator.next()
        for _ in 0..<4_096 {
            let next = generator.next()
            #expect(last < next)
            last = next
        }
        #expect(milliseconds(of: last) == 6)
        #expect(counter(of: last) == 0)
        clock.set(milliseconds: 6)
        #expect(milliseconds(of: generator.next()) == 6)
        clock.set(milliseconds: 7)
        #expect(milliseconds(of: generator.next()) == 7)
    }

    @Test func `a clock that is set back does not set back the identifiers`() {
        let clock = ManualClock(milliseconds: 1_000)
        let generator = UUIDv7Generator(clock: clock.wallClock, entropy: .seeded(3))
        let before = generator.next()
        clock.set(milliseconds: 10)
        let after = generator.next()
        #expect(before < after)
        #expect(milliseconds(of: after) == 1_000)
    }

    @Test func `a clock before 1970 counts as 1970`() {
        let clock = WallClock.fixed(at: Timestamp(microsecondsSince1970: -1))
        let generator = UUIDv7Generator(clock: clock, entropy: .seeded(4))
        #expect(milliseconds(of: generator.next()) == 0)
    }

    @Test func `tasks that make them at once get unique ones, each in rising order`() async {
        let generator = UUIDv7Generator(clock: .system, entropy: .seeded(5))
        let made = await withTaskGroup(of: [UUID].self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<5_000).map { _ in generator.next() } }
            }
            return await group.reduce(into: [[UUID]]()) { $0.append($1) }
        }
        for identifiers in made {
            #expect(zip(identifiers, identifiers.dropFirst()).allSatisfy { $0 < $1 })
        }
        // The random bits differ anyway: what must be unique is the time and counter before them.
        #expect(Set(made.joined().map(\.high)).count == 40_000)
    }
}
