import HTTP

/// What holds of content in the chunked coding.
enum ChunkProperties {
    private struct Outcome: Equatable {
        var content: [UInt8] = []
        var taken = 0
        var isComplete = false
        var refusal: RequestParseError?
    }

    static func check(_ input: FuzzInput) throws(BrokenProperty) {
        let arrivals = input.arrivals
        let whole = try decode(arrivals[0].pieces, input.limits)
        for arrival in arrivals.dropFirst() {
            var outcome = try decode(arrival.pieces, input.limits)
            // Nobody asks a decoder that has thrown how much it took.
            if whole.refusal != nil { outcome.taken = whole.taken }
            try require(
                outcome == whole,
                "Chunks are the same however they arrive: \(arrival.name), \(outcome); \(whole).")
        }
        if whole.isComplete {
            let alone = try decode([Array(input.bytes[..<whole.taken])], input.limits)
            try require(alone == whole, "What follows the content does not matter: \(alone).")
            let most = try decode([Array(input.bytes[..<(whole.taken - 1)])], input.limits)
            try require(
                !most.isComplete && most.refusal == nil && most.content == whole.content,
                "Chunks without their last octet are incomplete: \(most).")
        }
        try checkRoundTrip(input)
    }

    /// What `pieces` hold. Those that end before the content does are taken whole.
    private static func decode(
        _ pieces: [[UInt8]], _ limits: RequestLimits
    ) throws(BrokenProperty) -> Outcome {
        var decoder = ChunkedDecoder(limits: limits)
        var outcome = Outcome()
        for piece in pieces {
            let wasComplete = decoder.isComplete
            let count: Int
            do {
                count = try decoder.decode(
                    piece.span, into: &outcome.content, bodyBytesMax: limits.bodyBytesMax)
            } catch {
                outcome.refusal = error
                break
            }
            let expected = wasComplete ? 0...0 : decoder.isComplete ? 1...piece.count : nil
            try require(
                (expected ?? piece.count...piece.count).contains(count),
                "\(count) of \(piece.count) octets were taken.")
            outcome.taken += count
            outcome.isComplete = decoder.isComplete
        }
        try require(
            outcome.content.count <= limits.bodyBytesMax,
            "\(outcome.content.count) octets of content were decoded.")
        return outcome
    }

    /// Any content that is small enough comes back out of two chunks.
    private static func checkRoundTrip(_ input: FuzzInput) throws(BrokenProperty) {
        let content = input.bytes.prefix(input.limits.bodyBytesMax)
        let cut = min(input.cut, content.count)
        var coded: [UInt8] = []
        for chunk in [content[..<cut], content[cut...]] where !chunk.isEmpty {
            coded += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [0x0D, 0x0A]
        }
        coded += Array("0\r\n\r\n".utf8)
        let outcome = try decode([coded], input.limits)
        try require(
            outcome.isComplete && outcome.content == Array(content) && outcome.taken == coded.count,
            "Content comes back out of its chunks: \(outcome).")
    }
}
