/// One name and value of a ``JSONObject``.
package struct JSONMember: Sendable {
    /// The name, unescaped.
    package let name: String
    /// The value.
    package let value: JSONValue
}

/// The members of a JSON object: in the order of the text, each name once (RFC 8259 §4).
package struct JSONObject: Sendable {
    /// Up to this many members a look-up goes through them; beyond, through an index, so that a
    /// text with a hundred thousand members is not read in quadratic time.
    private static let scanCountMax = 16

    /// The members in order.
    package private(set) var members: [JSONMember] = []
    /// The place of each name in `members`; empty while those are few.
    private var positions: [MemberName: Int] = [:]

    /// An object without members.
    package init() {}

    /// The value under `name`, compared code point by code point; nil if there is none.
    package subscript(name: String) -> JSONValue? {
        position(of: name).map { members[$0].value }
    }

    /// Adds a member at the end; returns false, and adds nothing, if the name is taken.
    package mutating func append(_ name: String, _ value: JSONValue) -> Bool {
        guard position(of: name) == nil else { return false }
        members.append(JSONMember(name: name, value: value))
        if !positions.isEmpty {
            positions[MemberName(text: name)] = members.count - 1
        } else if members.count > Self.scanCountMax {
            for (position, member) in members.enumerated() {
                positions[MemberName(text: member.name)] = position
            }
        }
        return true
    }

    private func position(of name: String) -> Int? {
        if positions.isEmpty {
            members.firstIndex { $0.name.hasSameCodePoints(as: name) }
        } else {
            positions[MemberName(text: name)]
        }
    }
}

extension JSONObject: Equatable {
    /// Whether both have the same names with the same values, in any order.
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.count == right.members.count
            && left.members.allSatisfy { right[$0.name] == $0.value }
    }
}

/// A name as a key: hashed and compared by its octets, without canonical equivalence.
private struct MemberName: Hashable {
    let text: String

    static func == (left: MemberName, right: MemberName) -> Bool {
        left.text.hasSameCodePoints(as: right.text)
    }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
