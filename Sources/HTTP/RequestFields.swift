package import HTTPTypes

/// The fields of a request's header section, in the order received.
///
/// It holds the octets of the head and where each line stands in them; nothing is a `String`
/// until somebody asks for it.
package struct RequestFields: Sendable {
    let bytes: [UInt8]
    private let lines: ContiguousArray<FieldLine>

    init(bytes: [UInt8], lines: ContiguousArray<FieldLine>) {
        self.bytes = bytes
        self.lines = lines
    }

    /// The number of field lines.
    package var count: Int {
        lines.count
    }

    /// Whether there is a field of this name.
    package func contains(_ name: HTTPField.Name) -> Bool {
        nextLine(named: name, from: 0) != nil
    }

    /// The number of lines of this name.
    package func count(of name: HTTPField.Name) -> Int {
        var count = 0
        var index = 0
        while let line = nextLine(named: name, from: index) {
            count += 1
            index = line + 1
        }
        return count
    }

    /// The value of the field of this name; `nil` when there is none.
    ///
    /// Several lines of a name are one value, joined by a comma and a space (RFC 9110 §5.3).
    /// Octets that are no UTF-8 come out as U+FFFD.
    package func value(of name: HTTPField.Name) -> String? {
        octets(of: name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The octets of ``value(of:)``, which are not copied if there is one line; `nil` when there is
    /// no such field.
    package func octets(of name: HTTPField.Name) -> ArraySlice<UInt8>? {
        guard let first = nextLine(named: name, from: 0) else { return nil }
        guard var next = nextLine(named: name, from: first + 1) else {
            return bytes[lines[first].value]
        }
        var joined = Array(bytes[lines[first].value])
        while true {
            joined.append(ASCII.comma)
            joined.append(ASCII.space)
            joined.append(contentsOf: bytes[lines[next].value])
            guard let following = nextLine(named: name, from: next + 1) else { break }
            next = following
        }
        return joined[...]
    }

    /// The first line of this name at or after `start`; `nil` when there is none.
    private func nextLine(named name: HTTPField.Name, from start: Int) -> Int? {
        let expected = name.canonicalName.utf8.span
        let (octets, lines) = (bytes.span, lines.span)
        var index = start
        while index < lines.count {
            if lines[index].nameCount == expected.count,
                octets.equalsIgnoringCase(lines[index].name, lowercased: expected)
            {
                return index
            }
            index &+= 1
        }
        return nil
    }
}
