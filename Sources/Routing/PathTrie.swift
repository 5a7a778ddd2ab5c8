import HTTP

/// Paths by their segments: which routes a path may mean, in time that depends on the path alone.
///
/// A literal segment wins over a parameter. The empty path, `/`, has one empty segment. An octet
/// and its escape are the same (RFC 9110 §4.2.3), so `/%75sers` is `/users`.
struct PathTrie<Value> {
    /// Where a path led.
    struct Match {
        let value: Value
        /// The octets of the open segments, in order, as ranges of the path.
        let parameters: [Range<Int>]
    }

    fileprivate struct Node {
        var literals: [(segment: [UInt8], node: Int)] = []
        var parameter: Int?
        var value: Value?
    }

    private var nodes = [Node()]

    /// The value at a template's place, made by `initial` if there is none; changed by `change`.
    mutating func update(
        _ template: String, initial: @autoclosure () -> Value, _ change: (inout Value) -> Void
    ) {
        var node = 0
        for segment in template.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        {
            node = child(of: node, Array(segment.utf8), isParameter: segment.hasPrefix("{"))
        }
        var value = nodes[node].value ?? initial()
        change(&value)
        nodes[node].value = value
    }

    /// Finds the place of a path, which begins with `/`; nil if no template fits.
    func match(_ path: Span<UInt8>) -> Match? {
        var parameters: [Range<Int>] = []
        guard let value = find(path, from: 1, at: 0, &parameters) else { return nil }
        return Match(value: value, parameters: parameters)
    }

    private func find(
        _ path: Span<UInt8>, from start: Int, at node: Int, _ parameters: inout [Range<Int>]
    ) -> Value? {
        // One past the last slash ends the walk; the last segment may be empty.
        guard start <= path.count else { return nodes[node].value }
        var end = start
        while end < path.count, path[end] != UInt8(ascii: "/") { end &+= 1 }
        for literal in nodes[node].literals where path.holds(literal.segment, at: start..<end) {
            if let value = find(path, from: end + 1, at: literal.node, &parameters) {
                return value
            }
        }
        guard let open = nodes[node].parameter, end > start else { return nil }
        parameters.append(start..<end)
        if let value = find(path, from: end + 1, at: open, &parameters) { return value }
        parameters.removeLast()
        return nil
    }

    private mutating func child(of node: Int, _ segment: [UInt8], isParameter: Bool) -> Int {
        let existing =
            isParameter
            ? nodes[node].parameter
            : nodes[node].literals.first { $0.segment == segment }?.node
        if let existing { return existing }
        nodes.append(Node())
        if isParameter {
            nodes[node].parameter = nodes.count - 1
        } else {
            nodes[node].literals.append((segment, nodes.count - 1))
        }
        return nodes.count - 1
    }
}

extension PathTrie: Sendable where Value: Sendable {}
extension PathTrie.Node: Sendable where Value: Sendable {}

extension Span<UInt8> {
    fileprivate func holds(_ octets: [UInt8], at range: Range<Int>) -> Bool {
        guard octets.count == range.count else {
            return octets.count < range.count && holdsEscaped(octets, at: range)
        }
        for offset in 0..<octets.count where self[range.lowerBound + offset] != octets[offset] {
            return false
        }
        return true
    }

    /// Whether the octets at `range` have escapes and are `octets` without them.
    private func holdsEscaped(_ octets: [UInt8], at range: Range<Int>) -> Bool {
        for index in range where self[index] == UInt8(ascii: "%") {
            let segment = RequestTarget.decodeSegment(extracting(range))
            return segment?.utf8.elementsEqual(octets) == true
        }
        return false
    }
}
