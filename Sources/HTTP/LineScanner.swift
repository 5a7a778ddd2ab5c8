/// Finds the CRLF that ends a line, over as many calls as the octets take to arrive.
///
/// Each call goes on where the one before stopped, so a client that sends one octet at a time costs
/// little more than one that sends them all. A control is reported when it arrives, not at the end
/// of its line, because the peer may be waiting for an answer instead of ending the line.
struct LineScanner: Sendable {
    /// How many octets, from the first of all, need not be looked at again.
    private var position = 0

    /// Where to look for the line's end, and what to say of a bad line.
    struct Rules {
        /// The last index at which the line's CR may stand.
        let endIndexMax: Int
        /// What to throw for a control in the line.
        let onControl: RequestParseError
        /// What to throw when there is no CR up to `endIndexMax`.
        let onExcess: RequestParseError
    }

    /// The index of the CR of the CRLF that ends the current line; `nil`: more octets are needed.
    ///
    /// The next call looks for the line after it.
    mutating func nextLineEnd(
        in bytes: Span<UInt8>, _ rules: Rules
    ) throws(RequestParseError) -> Int? {
        let end = Swift.min(bytes.count, rules.endIndexMax + 1)
        guard position < end, let control = bytes.firstControl(in: position..<end) else {
            guard bytes.count <= rules.endIndexMax else { throw rules.onExcess }
            position = Swift.max(position, end)
            return nil
        }
        position = control
        switch bytes[control] {
        case ASCII.carriageReturn:
            guard control + 1 < bytes.count else { return nil }
            guard bytes[control + 1] == ASCII.lineFeed else { throw .bareCarriageReturn }
            position = control + 2
            return control
        case ASCII.lineFeed: throw .bareLineFeed
        default: throw rules.onControl
        }
    }
}
