package import Ambient

/// Deadlines in order: a binary heap whose entries can be cancelled.
///
/// Pure: it knows no clock. An entry costs O(log n) to add, to cancel and to take, and nothing is
/// left behind by a cancelled one.
package struct TimerHeap<Payload> {
    /// Names one entry; never used again for another one.
    package struct ID: Hashable, Sendable {
        fileprivate let index: UInt32
        fileprivate let generation: UInt32
    }

    private struct Node {
        var deadline: MonotonicTime
        var slot: UInt32
    }

    private struct Slot {
        var generation: UInt32 = 0
        var position: Int = -1
        var payload: Payload?
    }

    private var nodes: [Node] = []
    private var slots: [Slot] = []
    private var freeSlots: [UInt32] = []

    /// Makes an empty heap.
    package init() {}

    /// How many entries wait.
    package var count: Int { nodes.count }

    /// The earliest deadline, or nil when nothing waits.
    package var earliest: MonotonicTime? { nodes.first?.deadline }

    /// Adds an entry that falls due at `deadline`.
    package mutating func insert(at deadline: MonotonicTime, _ payload: Payload) -> ID {
        let index: UInt32
        if let free = freeSlots.popLast() {
            index = free
        } else {
            index = UInt32(slots.count)
            slots.append(Slot())
        }
        slots[Int(index)].payload = payload
        nodes.append(Node(deadline: deadline, slot: index))
        slots[Int(index)].position = nodes.count - 1
        siftUp(from: nodes.count - 1)
        return ID(index: index, generation: slots[Int(index)].generation)
    }

    /// Takes an entry back; one that has fallen due or was cancelled before is left alone.
    package mutating func cancel(_ id: ID) {
        guard slots[Int(id.index)].generation == id.generation else { return }
        _ = remove(at: slots[Int(id.index)].position)
    }

    /// Takes the earliest entry if its deadline is `now` or before.
    package mutating func popDue(now: MonotonicTime) -> Payload? {
        guard let first = nodes.first, first.deadline <= now else { return nil }
        return remove(at: 0)
    }

    private mutating func remove(at position: Int) -> Payload? {
        let index = Int(nodes[position].slot)
        let last = nodes.removeLast()
        if position < nodes.count {
            nodes[position] = last
            slots[Int(last.slot)].position = position
            siftDown(from: position)
            siftUp(from: position)
        }
        defer { freeSlots.append(UInt32(index)) }
        slots[index].generation &+= 1
        slots[index].position = -1
        return slots[index].payload.take()
    }

    private mutating func siftUp(from start: Int) {
        var position = start
        while position > 0 {
            let parent = (position - 1) / 2
            guard nodes[position].deadline < nodes[parent].deadline else { return }
            exchange(position, parent)
            position = parent
        }
    }

    private mutating func siftDown(from start: Int) {
        var position = start
        while true {
            var smallest = position
            for child in [2 * position + 1, 2 * position + 2]
            where child < nodes.count && nodes[child].deadline < nodes[smallest].deadline {
                smallest = child
            }
            guard smallest != position else { return }
            exchange(position, smallest)
            position = smallest
        }
    }

    private mutating func exchange(_ left: Int, _ right: Int) {
        nodes.swapAt(left, right)
        slots[Int(nodes[left].slot)].position = left
        slots[Int(nodes[right].slot)].position = right
    }
}
