import Ambient
import HTTP

/// The parts of a path that a route leaves open.
package struct PathParameters: Sendable {
    /// What a route leaves open; a reference, so that whoever hands it on copies nothing.
    private final class Open: Sendable {
        let names: [String]
        let target: RequestTarget
        /// Where each stands among the octets of the path.
        let segments: [Range<Int>]

        init(_ names: [String], _ target: RequestTarget, _ segments: [Range<Int>]) {
            self.names = names
            self.target = target
            self.segments = segments
        }
    }

    /// Nil if the route leaves nothing open.
    private let open: Open?

    /// Nil if one of the segments is malformed.
    init?(names: [String], target: RequestTarget, segments: [Range<Int>]) {
        precondition(
            names.count == segments.count, "\(names.count) names, \(segments.count) values.")
        open = segments.isEmpty ? nil : Open(names, target, segments)
        // Without an escape a segment of a well-formed target stands for itself.
        guard segments.indices.allSatisfy({ !hasEscape(at: $0) || text(at: $0) != nil })
        else { return nil }
    }

    /// The value of a parameter that the route's template has, percent-decoded.
    package subscript(name: String) -> String {
        guard let text = text(at: index(of: name)) else {
            preconditionFailure("A segment has become malformed.")
        }
        return text
    }

    /// Calls `body` with the octets of a parameter that the route's template has, as they were
    /// received: where an escape may stand, ``subscript(_:)`` tells what it means.
    package func withOctets<Value>(of name: String, _ body: (Span<UInt8>) -> Value) -> Value {
        let index = index(of: name)
        return withOctets(at: index, body)
    }

    /// Whether the route has a parameter `id` that names this user, or is `me`.
    func name(_ user: UUID) -> Bool {
        guard open?.names.contains("id") == true else { return false }
        if withOctets(of: "id", { UUID(parsing: $0) }) == user { return true }
        let text = self["id"]
        return text == "me" || UUID(parsing: text) == user
    }

    private func index(of name: String) -> Int {
        guard let index = open?.names.firstIndex(of: name) else {
            preconditionFailure("The route has no parameter \(name).")
        }
        return index
    }

    private func hasEscape(at index: Int) -> Bool {
        withOctets(at: index) { octets in
            // It is not left early, so that the compiler examines many octets by one instruction.
            var flags: UInt8 = 0
            for position in octets.indices {
                flags |= octets[position] == UInt8(ascii: "%") ? 1 : 0
            }
            return flags != 0
        }
    }

    private func text(at index: Int) -> String? {
        withOctets(at: index) { RequestTarget.decodeSegment($0) }
    }

    private func withOctets<Value>(at index: Int, _ body: (Span<UInt8>) -> Value) -> Value {
        guard let open else { preconditionFailure("The route leaves nothing open.") }
        let segment = open.segments[index]
        return open.target.withPathBytes { body($0.extracting(segment)) }
    }
}
