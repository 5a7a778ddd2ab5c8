import Ambient
package import HTTPTypes

/// The header fields of a response, as the lines that will be sent.
///
/// No value can end its line: a control in it, a CR or LF above all, becomes a space
/// (RFC 9110 §5.5), so a response never carries a line break that came from a request.
package struct ResponseFields: Equatable, Sendable {
    /// The lines, each with its CRLF.
    private(set) var lines: [UInt8] = []
    /// Whether there is a Content-Security-Policy. Else the serialiser writes the strictest, which
    /// forbids whoever shows the content as a page to load or to embed anything.
    package private(set) var hasPolicy = false

    /// No fields.
    package init() {}

    /// Appends a field. A name may be appended more than once, for values that are lists.
    ///
    /// - Precondition: `name` is none of those that ``ResponseSerializer`` writes: Date,
    ///   X-Content-Type-Options, Content-Length, Connection, Transfer-Encoding.
    package mutating func append(_ name: HTTPField.Name, _ value: String) {
        precondition(!Self.isReserved(name), "The serialiser writes \(name).")
        if Self.isPolicy(name) { hasPolicy = true }
        makeRoom(for: name.rawName.utf8.count + value.utf8.count + 4)
        let nameOctets = name.rawName.utf8Span.span
        let valueOctets = value.utf8Span.span
        let hasControls = valueOctets.firstControl(in: valueOctets.indices) != nil
        lines.append(atMost: nameOctets.count + valueOctets.count + 4) { start in
            var next = start.write(nameOctets)
            next[0] = ASCII.colon
            next[1] = ASCII.space
            next = (next + 2).write(valueOctets)
            next[0] = ASCII.carriageReturn
            next[1] = ASCII.lineFeed
            return next - start + 2
        }
        if hasControls { replaceControls(from: lines.count - 2 - valueOctets.count) }
    }

    /// Appends whole lines that are constants: each a name, a colon, a space, a value and a CRLF.
    ///
    /// - Precondition: as for ``append(_:_:)``, and none is a Content-Security-Policy.
    package mutating func append(lines constant: StaticString) {
        assert(
            constant.utf8CodeUnitCount > 2
                && constant.utf8Start[constant.utf8CodeUnitCount - 1] == ASCII.lineFeed,
            "A line lacks its end.")
        makeRoom(for: constant.utf8CodeUnitCount)
        lines.append(constant)
    }

    /// Appends a field whose value is a number.
    ///
    /// - Precondition: as for ``append(_:_:)``.
    package mutating func appendNumber(_ name: HTTPField.Name, _ number: Int) {
        precondition(!Self.isReserved(name), "The serialiser writes \(name).")
        makeRoom(for: name.rawName.utf8.count + Digits.decimalOctetsMax + 4)
        lines.append(contentsOf: name.rawName.utf8)
        lines.append(": ")
        lines.appendDecimal(number)
        lines.append("\r\n")
    }

    /// Appends `RateLimit-Policy` and `RateLimit`. Both are lists, so an answer may have several of
    /// each.
    package mutating func append(_ quota: RateLimitLines) {
        let start = quota.start.octets.span
        let count = start.count + 2 * Digits.decimalOctetsMax + 5
        makeRoom(for: count)
        lines.append(atMost: count) { first in
            var next = first.write(start)
            next += Digits.write(decimal: Int64(quota.remaining), to: next)
            next = next.write(";t=")
            next += Digits.write(decimal: Int64(quota.secondsUntilRestored), to: next)
            return next.write("\r\n") - first
        }
    }

    /// Appends all fields of `others`.
    package mutating func append(contentsOf others: ResponseFields) {
        hasPolicy = hasPolicy || others.hasPolicy
        lines.append(octets: others.lines)
    }

    /// Appends a field after removing all others of this name.
    ///
    /// - Precondition: as for ``append(_:_:)``.
    package mutating func replace(_ name: HTTPField.Name, _ value: String) {
        remove(name)
        append(name, value)
    }

    /// Adds a name to those of Vary, unless it is there (RFC 9110 §12.5.5).
    package mutating func vary(by name: HTTPField.Name) {
        guard !lists(name.canonicalName, in: .vary) else { return }
        var end: Int?
        while let line = nextLine(named: .vary, from: end ?? 0) { end = line.end }
        guard let end else { return append(.vary, name.rawName) }
        lines.insert(contentsOf: ", \(name.rawName)".utf8, at: end - 2)
    }

    /// Whether a field whose value is a list, in one line or in several, has a member, which is
    /// given in lower case; the case of letters in the field does not count.
    package func lists(_ member: String, in name: HTTPField.Name) -> Bool {
        let expected = member.utf8.span
        let octets = lines.span
        var start = 0
        while let line = nextLine(named: name, from: start) {
            var members = ListMembers(line.valueStart..<line.end - 2)
            while let member = members.next(in: octets) {
                if octets.equalsIgnoringCase(member, lowercased: expected) { return true }
            }
            start = line.end
        }
        return false
    }

    /// Removes all fields of this name.
    package mutating func remove(_ name: HTTPField.Name) {
        if Self.isPolicy(name) { hasPolicy = false }
        while let line = firstLine(named: name) {
            lines.removeSubrange(line.start..<line.end)
        }
    }

    /// Whether there is a field of this name.
    package func contains(_ name: HTTPField.Name) -> Bool {
        firstLine(named: name) != nil
    }

    /// The value of the first field of this name; `nil` when there is none.
    package func value(of name: HTTPField.Name) -> String? {
        firstLine(named: name).map { lines.span.string($0.valueStart..<$0.end - 2) }
    }

    /// Most responses have fields for less than this many octets.
    private static let usualOctets = 320

    private mutating func makeRoom(for count: Int) {
        if lines.isEmpty { lines.reserveCapacity(Self.usualOctets) }
        lines.makeRoom(for: count)
    }

    private mutating func replaceControls(from start: Int) {
        let end = lines.count - 2
        var start = start
        while let control = lines.span.firstControl(in: start..<end) {
            lines[control] = ASCII.space
            start = control + 1
        }
    }

    private static func isReserved(_ name: HTTPField.Name) -> Bool {
        switch name.canonicalName.utf8.count {
        case 4: name == .date
        case 10: name == .connection
        case 14: name == .contentLength
        case 17: name == .transferEncoding
        case 22: name == .xContentTypeOptions
        default: false
        }
    }

    /// Its length tells it from almost all others at once.
    private static func isPolicy(_ name: HTTPField.Name) -> Bool {
        name.canonicalName.utf8.count == 23 && name == .contentSecurityPolicy
    }

    private func firstLine(
        named name: HTTPField.Name
    ) -> (start: Int, valueStart: Int, end: Int)? {
        nextLine(named: name, from: 0)
    }

    /// Where the first line of a name begins among those from `start` on, where its value begins,
    /// and where the next line does.
    private func nextLine(
        named name: HTTPField.Name, from start: Int
    ) -> (start: Int, valueStart: Int, end: Int)? {
        let expected = name.canonicalName.utf8.span
        let octets = lines.span
        var start = start
        // Every line was written here, so it has a colon, a space and a CRLF.
        while let lineFeed = octets.firstIndex(of: ASCII.lineFeed, in: start..<octets.count) {
            let colon = start + expected.count
            if colon < lineFeed, octets[colon] == ASCII.colon,
                octets.equalsIgnoringCase(start..<colon, lowercased: expected)
            {
                return (start, colon + 2, lineFeed + 1)
            }
            start = lineFeed + 1
        }
        return nil
    }
}

extension UnsafeMutablePointer<UInt8> {
    /// Writes octets and returns where they end.
    @inline(__always)
    fileprivate func write(_ octets: Span<UInt8>) -> UnsafeMutablePointer<UInt8> {
        octets.withUnsafeBufferPointer { octets in
            if let first = octets.baseAddress { update(from: first, count: octets.count) }
        }
        return self + octets.count
    }

    /// Writes the octets of a constant and returns where they end.
    @inline(__always)
    fileprivate func write(_ text: StaticString) -> UnsafeMutablePointer<UInt8> {
        update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        return self + text.utf8CodeUnitCount
    }
}
