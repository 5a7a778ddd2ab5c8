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
        /// Where among ``octets`` the literal segment stands that leads here; empty for others.
        let segment: Range<Int>
        /// The next node that a literal segment leads to from the same node.
        var sibling: Int?
        /// The first of the nodes that literal segments lead to from here.
        var literal: Int?
        /// The node that any other segment leads to.
        var parameter: Int?
        var value: Value?
    }

    private var nodes = [Node(segment: 0..<0)]
    /// The literal segments, one behind the other, so that to compare one takes no reference.
    private var octets: [UInt8] = []

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
        var hasEscape = false
        while end < path.count, path[end] != UInt8(ascii: "/") {
            hasEscape = hasEscape || path[end] == UInt8(ascii: "%")
            end &+= 1
        }
        let segment = path.extracting(start..<end)
        var next = nodes[node].literal
        while let literal = next {
            if isLiteral(literal, segment, hasEscape: hasEscape),
                let value = find(path, from: end + 1, at: literal, &parameters)
            {
                return value
            }
            next = nodes[literal].sibling
        }
        guard let open = nodes[node].parameter, end > start else { return nil }
        parameters.append(start..<end)
        if let value = find(path, from: end + 1, at: open, &parameters) { return value }
        parameters.removeLast()
        return nil
    }

    /// Whether a segment, perhaps without its escapes, is the literal one that leads to `node`.
    private func isLiteral(_ node: Int, _ segment: Span<UInt8>, hasEscape: Bool) -> Bool {
        let range = nodes[node].segment
        guard !hasEscape else {
            return RequestTarget.decodeSegment(segment)?.utf8.elementsEqual(octets[range]) == true
        }
        guard range.count == segment.count else { return false }
        for offset in segment.indices where octets[range.lowerBound + offset] != segment[offset] {
            return false
        }
        return true
    }

    private mutating func child(of node: Int, _ segment: [UInt8], isParameter: Bool) -> Int {
        if isParameter {
            if let parameter = nodes[node].parameter { return parameter }
            nodes.append(Node(segment: 0..<0))
            nodes[node].parameter = nodes.count - 1
        } else {
            var next = nodes[node].literal
            while let literal = next {
                if octets[nodes[literal].segment].elementsEqual(segment) { return literal }
                next = nodes[literal].sibling
            }
            let start = octets.count
            octets += segment
            nodes.append(Node(segment: start..<octets.count, sibling: nodes[node].literal))
            nodes[node].literal = nodes.count - 1
        }
        return nodes.count - 1
    }
}

extension PathTrie: Sendable where Value: Sendable {}
extension PathTrie.Node: Sendable where Value: Sendable {}
