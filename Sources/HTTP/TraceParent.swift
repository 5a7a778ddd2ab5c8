import Ambient

/// The id of a trace: 128 bits, not all zero (W3C Trace Context Level 2, §3.2.2.3).
package struct TraceID: Hashable, Sendable {
    /// The first eight octets, most significant first.
    package let high: UInt64
    /// The last eight octets, of which the last seven are random (§5.1).
    package let low: UInt64

    /// Makes an id; nil of nothing but zeros.
    package init?(high: UInt64, low: UInt64) {
        guard high | low != 0 else { return nil }
        self.high = high
        self.low = low
    }
}

extension TraceID: CustomStringConvertible {
    /// 32 hexadecimal digits of lower case.
    package var description: String {
        String(unsafeUninitializedCapacity: 32) { digits in
            guard let start = digits.baseAddress else { return 0 }
            Digits.write(hexadecimal: high, to: start)
            Digits.write(hexadecimal: low, to: start + 16)
            return 32
        }
    }
}

/// The id of a span: 64 bits, not all zero (W3C Trace Context Level 2, §3.2.2.4).
package struct SpanID: Hashable, Sendable {
    /// The eight octets, most significant first.
    package let rawValue: UInt64

    /// Makes an id; nil of nothing but zeros.
    package init?(rawValue: UInt64) {
        guard rawValue != 0 else { return nil }
        self.rawValue = rawValue
    }
}

extension SpanID: CustomStringConvertible {
    /// 16 hexadecimal digits of lower case.
    package var description: String {
        String(unsafeUninitializedCapacity: 16) { digits in
            guard let start = digits.baseAddress else { return 0 }
            Digits.write(hexadecimal: rawValue, to: start)
            return 16
        }
    }
}

/// What is known of a trace beside its ids (W3C Trace Context Level 2, §3.2.2.5).
package struct TraceFlags: OptionSet, Hashable, Sendable {
    /// The flags as they are sent.
    package let rawValue: UInt8

    /// Makes flags of their octet.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The caller may have recorded its part.
    package static let sampled = TraceFlags(rawValue: 1)
    /// The last seven octets of the trace's id are random.
    package static let random = TraceFlags(rawValue: 2)
}

/// A place in a trace, as `traceparent` names it (W3C Trace Context Level 2, §3.2).
package struct TraceParent: Hashable, Sendable {
    /// The trace.
    package let traceID: TraceID
    /// The span in it.
    package let spanID: SpanID
    /// What is known of the trace.
    package let flags: TraceFlags

    /// Makes a place of its parts.
    package init(traceID: TraceID, spanID: SpanID, flags: TraceFlags) {
        self.traceID = traceID
        self.spanID = spanID
        self.flags = flags
    }

    /// Reads `version "-" trace-id "-" parent-id "-" flags`, all of it in lower-case hexadecimal
    /// digits; nil for anything else.
    ///
    /// Version `ff` is none. Those after `00` may append more behind a further hyphen (§4.3). Flags
    /// that are not known are dropped.
    package init?(parsing octets: Span<UInt8>) {
        let (version, trace, parent, flags) = (0..<2, 3..<35, 36..<52, 53..<55)
        guard octets.count >= flags.upperBound,
            let versionNumber = octets.lowerHexadecimal(version), versionNumber != 0xFF,
            octets.isHyphen(version.upperBound), octets.isHyphen(trace.upperBound),
            octets.isHyphen(parent.upperBound),
            let high = octets.lowerHexadecimal(trace.lowerBound..<trace.lowerBound + 16),
            let low = octets.lowerHexadecimal(trace.lowerBound + 16..<trace.upperBound),
            let traceID = TraceID(high: high, low: low),
            let spanID = octets.lowerHexadecimal(parent).flatMap(SpanID.init(rawValue:)),
            let flagBits = octets.lowerHexadecimal(flags)
        else { return nil }
        if octets.count > flags.upperBound {
            guard versionNumber > 0, octets.isHyphen(flags.upperBound) else { return nil }
        }
        self.init(
            traceID: traceID, spanID: spanID,
            flags: TraceFlags(rawValue: UInt8(flagBits)).intersection([.sampled, .random]))
    }
}

extension TraceParent: CustomStringConvertible {
    /// The value of `traceparent` in version `00`.
    package var description: String {
        "00-\(traceID)-\(spanID)-0\(String(flags.rawValue, radix: 16))"
    }
}

extension Span<UInt8> {
    fileprivate func isHyphen(_ index: Int) -> Bool { self[index] == UInt8(ascii: "-") }

    /// The number that up to 16 hexadecimal digits of lower case make; nil if one of the octets is
    /// another.
    fileprivate func lowerHexadecimal(_ range: Range<Int>) -> UInt64? {
        var value: UInt64 = 0
        for index in range {
            guard let digit = ASCII.hexValue(self[index]), !ASCII.isUppercase(self[index]) else {
                return nil
            }
            value = value << 4 | UInt64(digit)
        }
        return value
    }
}
