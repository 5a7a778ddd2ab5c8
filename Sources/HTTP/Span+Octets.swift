extension Span<UInt8> {
    /// The octets of `range` without white space at either end (`OWS`, RFC 9110 §5.6.3).
    @inline(__always)
    func trimmingWhitespace(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, ASCII.isWhitespace(self[start]) { start += 1 }
        while start < end, ASCII.isWhitespace(self[end - 1]) { end -= 1 }
        return start..<end
    }

    /// Whether the octets of `range` are `text`, letter for letter.
    @inline(__always)
    func equals(_ range: Range<Int>, _ text: StaticString) -> Bool {
        text.withUTF8Buffer { expected in
            guard expected.count == range.count else { return false }
            for (offset, octet) in expected.enumerated()
            where self[range.lowerBound + offset] != octet {
                return false
            }
            return true
        }
    }

    /// Whether the octets of `range` are `lowercased` when the case of letters does not count.
    @inline(__always)
    func equalsIgnoringCase(_ range: Range<Int>, _ lowercased: StaticString) -> Bool {
        lowercased.withUTF8Buffer { expected in
            guard expected.count == range.count else { return false }
            for (offset, octet) in expected.enumerated()
            where ASCII.lowercased(self[range.lowerBound + offset]) != octet {
                return false
            }
            return true
        }
    }

    /// Whether the octets of `range` are `lowercased` when the case of letters does not count.
    @inline(__always)
    func equalsIgnoringCase(_ range: Range<Int>, lowercased: Span<UInt8>) -> Bool {
        guard lowercased.count == range.count else { return false }
        for offset in lowercased.indices
        where ASCII.lowercased(self[range.lowerBound + offset]) != lowercased[offset] {
            return false
        }
        return true
    }

    /// Whether all octets of `range` are of a class.
    @inline(__always)
    func areAll(_ range: Range<Int>, of octets: OctetClass) -> Bool {
        for index in range where !octets.contains(self[index]) { return false }
        return true
    }

    /// Whether there is at least one octet in `range`, and all are of a class.
    @inline(__always)
    func isNonEmpty(_ range: Range<Int>, allOf octets: OctetClass) -> Bool {
        !range.isEmpty && areAll(range, of: octets)
    }

    /// The first octet of `range` that is `octet`.
    @inline(__always)
    func firstIndex(of octet: UInt8, in range: Range<Int>) -> Int? {
        for index in range where self[index] == octet { return index }
        return nil
    }

    /// Whether an octet of `range` is `octet`. It is not left early, so that the compiler examines
    /// sixteen octets by one instruction.
    @inline(__always)
    func has(_ octet: UInt8, in range: Range<Int>) -> Bool {
        let octets = extracting(range)
        var flags: UInt8 = 0
        for index in octets.indices { flags |= octets[index] == octet ? 1 : 0 }
        return flags != 0
    }

    /// The octets of `range` as an array of their own.
    func array(_ range: Range<Int>) -> [UInt8] {
        extracting(range).withUnsafeBufferPointer { Array($0) }
    }

    /// The octets of `range` as text; those that are no UTF-8 come out as U+FFFD.
    func string(_ range: Range<Int>) -> String {
        extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// The octets of `range` as text; `nil` when they are no UTF-8.
    func validString(_ range: Range<Int>) -> String? {
        guard let text = try? UTF8Span(validating: extracting(range)) else { return nil }
        return String(copying: text)
    }

    /// The first octet of `range` that is a control other than the tab: below 0x20, or 0x7F.
    ///
    /// Every octet of every head passes through here, and an access token makes a head long, so
    /// whole blocks without a control are told from the others first.
    func firstControl(in range: Range<Int>) -> Int? {
        let octets = extracting(range)
        var start = 0
        while true {
            while octets.count &- start >= Self.blockCount, !octets.hasControl(inBlockAt: start) {
                start &+= Self.blockCount
            }
            let end = Swift.min(start &+ Self.blockCount, octets.count)
            if let control = octets.firstControlByWords(in: start..<end) {
                return range.lowerBound + control
            }
            guard end < octets.count else { return nil }
            start = end
        }
    }

    private static var blockCount: Int { 32 }

    /// Whether there is a control, or a tab, in the block that begins at `start`. It is not left
    /// early, so that the compiler examines sixteen octets by one instruction.
    ///
    /// The caller has made sure that the block ends within the span.
    @inline(__always)
    private func hasControl(inBlockAt start: Int) -> Bool {
        var flags: UInt8 = 0
        for index in start..<start &+ Self.blockCount {
            let octet = self[unchecked: index]
            flags |= (octet < 0x20 ? 1 : 0) | (octet == 0x7F ? 1 : 0)
        }
        return flags != 0
    }

    /// ``firstControl(in:)``, eight octets at a time. The caller has made sure that `range` ends
    /// within the span.
    @inline(__always)
    private func firstControlByWords(in range: Range<Int>) -> Int? {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs = ones << 7
        let octets = bytes
        var index = range.lowerBound
        while index &+ 8 <= range.upperBound {
            let word = UInt64(
                littleEndian: octets.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: index, as: UInt64.self))
            // A borrow can flag an octet wrongly only above one that is flagged rightly, so the
            // lowest flag is always true.
            let below = (word &- ones &* 0x20) & ~word
            let delete = word ^ (ones &* 0x7F)
            let flags = (below | ((delete &- ones) & ~delete)) & highs
            guard flags != 0 else {
                index &+= 8
                continue
            }
            index &+= flags.trailingZeroBitCount / 8
            if self[unchecked: index] != ASCII.tab { return index }
            index &+= 1
        }
        while index < range.upperBound {
            guard OctetClass.fieldValue.contains(self[unchecked: index]) else { return index }
            index &+= 1
        }
        return nil
    }
}
