/// What the systems that a trace came through want to have handed on, as `tracestate` has it
/// (W3C Trace Context Level 2, §3.3).
package struct TraceState: Hashable, Sendable {
    /// Most members (§3.3.1.1).
    static let memberCountMax = 32
    /// Most octets that are handed on: as many as everybody has to (§3.3.1.5).
    static let octetCountMax = 512
    /// Members of more octets than this are the first to go if all of them would be too long.
    static let longMemberOctetCount = 128

    /// The members, `key=value`, with commas between them; empty if there are none.
    package let text: String

    /// Nothing.
    package static let empty = TraceState(text: "")

    private init(text: String) { self.text = text }

    /// Reads a list of members, whose keys are all different; nil if it is malformed.
    ///
    /// Empty members, and white space around members, are dropped. Of a list that is too long, the
    /// long members are dropped, then those at its end.
    package init?(parsing octets: Span<UInt8>) {
        var members: [Range<Int>] = []
        var keys: Set<String> = []
        var list = ListMembers(0..<octets.count)
        while let member = list.next(in: octets) {
            guard !member.isEmpty else { continue }
            guard members.count < Self.memberCountMax,
                let key = Self.key(of: member, in: octets), keys.insert(key).inserted
            else { return nil }
            members.append(member)
        }
        if Self.octetCount(members) > Self.octetCountMax {
            members.removeAll { $0.count > Self.longMemberOctetCount }
        }
        while Self.octetCount(members) > Self.octetCountMax { members.removeLast() }
        text = members.map { octets.string($0) }.joined(separator: ",")
    }

    /// The octets of a list of these members.
    private static func octetCount(_ members: [Range<Int>]) -> Int {
        members.reduce(members.count - 1) { $0 + $1.count }
    }

    /// The key of a member; nil if the member is malformed.
    private static func key(of member: Range<Int>, in octets: Span<UInt8>) -> String? {
        guard let equals = octets.firstIndex(of: ASCII.equals, in: member) else { return nil }
        let (key, value) = (member.lowerBound..<equals, equals + 1..<member.upperBound)
        guard (1...256).contains(key.count), (1...256).contains(value.count),
            octets[key.lowerBound].isTraceStateKeyStart,
            key.allSatisfy({ octets[$0].isTraceStateKeyOctet }),
            value.allSatisfy({ octets[$0].isTraceStateValueOctet })
        else { return nil }
        return octets.string(key)
    }
}

extension UInt8 {
    fileprivate var isTraceStateKeyStart: Bool {
        ASCII.isDigit(self) || ASCII.isLetter(self) && !ASCII.isUppercase(self)
    }

    fileprivate var isTraceStateKeyOctet: Bool {
        isTraceStateKeyStart || "_-*/@".utf8.contains(self)
    }

    /// A visible octet or a space, but for what parts members and what parts a key from its value.
    fileprivate var isTraceStateValueOctet: Bool {
        (0x20...0x7E).contains(self) && self != ASCII.comma && self != ASCII.equals
    }
}
