import Ambient
import RandomTesting
import Testing

@testable import Reactor

@Suite("Timer heap")
struct TimerHeapTests {
    let start = MonotonicTime.now

    @Test func `entries come out in the order of their deadlines`() {
        var heap = TimerHeap<Int>()
        for value in [5, 1, 4, 2, 3] { _ = heap.insert(at: start + .seconds(value), value) }
        var popped: [Int] = []
        while let value = heap.popDue(now: start + .seconds(10)) { popped.append(value) }
        #expect(popped == [1, 2, 3, 4, 5])
    }

    @Test func `an entry is not due before its deadline`() {
        var heap = TimerHeap<Int>()
        _ = heap.insert(at: start + .seconds(1), 1)
        #expect(heap.popDue(now: start + .milliseconds(999)) == nil)
        #expect(heap.popDue(now: start + .seconds(1)) == 1)
    }

    @Test func `a cancelled entry never comes out and cannot hit its successor`() {
        var heap = TimerHeap<Int>()
        let first = heap.insert(at: start, 1)
        heap.cancel(first)
        let second = heap.insert(at: start, 2)
        heap.cancel(first)
        #expect(heap.count == 1)
        #expect(heap.popDue(now: start) == 2)
        heap.cancel(second)
        #expect(heap.earliest == nil)
    }

    @Test func `a random history agrees with a sorted list`() {
        var generator = SeededGenerator(seed: 20)
        var heap = TimerHeap<Int>()
        var model: [Int: (id: TimerHeap<Int>.ID, at: Int)] = [:]
        for step in 0..<5000 {
            switch generator.next() % 3 {
            case 0, 1:
                let at = Int(generator.next() % 1000)
                model[step] = (heap.insert(at: start + .milliseconds(at), step), at)
            default:
                guard let victim = model.keys.min() else { continue }
                if generator.next() % 2 == 0, let entry = model.removeValue(forKey: victim) {
                    heap.cancel(entry.id)
                } else if let earliest = model.values.map(\.at).min() {
                    let popped = heap.popDue(now: start + .milliseconds(earliest))
                    #expect(popped.flatMap { model.removeValue(forKey: $0)?.at } == earliest)
                }
            }
            #expect(heap.count == model.count)
        }
    }
}
