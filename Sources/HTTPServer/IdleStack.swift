/// What is idle, the last to become so on top, where it is taken from: whatever lies at the bottom
/// has not been needed for long.
struct IdleStack<Element> {
    /// How many stay though nobody has needed them.
    static var keptMax: Int { 16 }

    private var elements: [Element] = []
    /// The fewest that there were since ``takeSurplus()``.
    private var least = 0

    var count: Int { elements.count }

    mutating func push(_ element: Element) { elements.append(element) }

    mutating func pop() -> Element? {
        defer { least = min(least, elements.count) }
        return elements.popLast()
    }

    /// Takes those that nobody has needed since this was last called, but for a few.
    mutating func takeSurplus() -> [Element] {
        let surplus = Array(elements.prefix(max(0, least - Self.keptMax)))
        elements.removeFirst(surplus.count)
        least = elements.count
        return surplus
    }

    /// Takes all.
    mutating func takeAll() -> [Element] {
        defer { self = IdleStack() }
        return elements
    }
}
