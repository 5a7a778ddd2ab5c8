import HTTP
import HTTPTypes

/// All that a head says, in a form that can be compared, and the octets that it was read from.
struct HeadFacts: Equatable {
    let method: String
    let path: String
    let query: String?
    let isAsterisk: Bool
    let minorVersion: Int
    let authority: String?
    let framing: BodyFraming
    let isPersistent: Bool
    let expectsContinue: Bool
    let fieldCount: Int
    /// The values by their names in lower case.
    let values: [String: [UInt8]]
    let octets: [UInt8]

    init(_ parsed: ParsedHead, _ octets: [UInt8]) {
        let head = parsed.head
        method = head.method.rawValue
        path = head.target.path
        query = head.target.query
        isAsterisk = head.target.isAsterisk
        minorVersion = head.minorVersion
        authority = head.authority
        framing = head.framing
        isPersistent = head.isPersistent
        expectsContinue = head.expectsContinue
        fieldCount = head.fields.count
        self.octets = octets
        var values: [String: [UInt8]] = [:]
        for name in NaiveHead(octets)?.fields.map(\.name) ?? [] {
            guard let fieldName = HTTPField.Name(name) else { continue }
            values[name] = head.fields.octets(of: fieldName).map { Array($0) }
        }
        self.values = values
    }
}

/// A head as it is read without a thought for anything but the grammar's outline: what the parser
/// accepts must be the same here.
struct NaiveHead {
    let method: [UInt8]
    let target: [UInt8]
    let version: [UInt8]
    /// Names in lower case and values without white space around them.
    let fields: [(name: String, value: [UInt8])]

    /// Reads octets that end with the head; `nil` when its outline is not that of a head.
    init?(_ octets: [UInt8]) {
        var lines = Octets.lines(of: octets)
        guard lines.popLast() == [], lines.popLast() == [] else { return nil }
        lines = Array(lines.drop { $0.isEmpty })
        guard let first = lines.first, !lines.contains([]) else { return nil }
        let parts = first.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        (method, target, version) = (Array(parts[0]), Array(parts[1]), Array(parts[2]))
        var fields: [(name: String, value: [UInt8])] = []
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            fields.append((name, Octets.trimmed(line[(colon + 1)...])))
        }
        self.fields = fields
    }

    /// The values of all fields of a name.
    func values(of name: String) -> [[UInt8]] {
        fields.filter { $0.name == name }.map(\.value)
    }
}
