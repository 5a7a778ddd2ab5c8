/// The transfer codings that a request names, over all its Transfer-Encoding fields (RFC 9112 §7).
///
/// An empty member of the list is refused although RFC 9110 §5.6.1 lets a recipient skip it:
/// a peer that reads the list otherwise would see another end of the message.
struct TransferCodings: Sendable {
    private(set) var isPresent = false
    private var chunkedCount = 0
    private var otherCount = 0
    private var endsInChunked = false

    /// Takes note of one field's value.
    mutating func note(
        _ value: Range<Int>, _ bytes: Span<UInt8>
    ) throws(RequestParseError) {
        isPresent = true
        var members = ListMembers(value)
        while let member = members.next(in: bytes) {
            let nameEnd = bytes.firstIndex(of: ASCII.semicolon, in: member) ?? member.upperBound
            let name = bytes.trimmingWhitespace(member.lowerBound..<nameEnd)
            guard bytes.isNonEmpty(name, allOf: .token) else { throw .malformedTransferCoding }
            endsInChunked = bytes.equalsIgnoringCase(name, "chunked")
            guard !endsInChunked || nameEnd == member.upperBound else {
                throw .malformedTransferCoding
            }
            if endsInChunked { chunkedCount += 1 } else { otherCount += 1 }
        }
    }

    /// Throws unless chunked is the last coding and the only one.
    ///
    /// Without chunked at the end nobody knows where the content ends, which RFC 9112 §6.3 answers
    /// with 400; another coding before it is merely one that this server lacks: 501 (§6.1).
    func requireChunkedAlone() throws(RequestParseError) {
        guard endsInChunked, chunkedCount == 1 else { throw .misorderedTransferCoding }
        guard otherCount == 0 else { throw .unsupportedTransferCoding }
    }
}
