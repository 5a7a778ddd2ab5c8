import HTTP

/// What is left to read of a request's body.
enum IncomingBody {
    case none
    /// So many octets follow.
    case remaining(Int)
    /// Chunks follow.
    case chunked(ChunkedDecoder)

    init(_ head: RequestHead, limits: RequestLimits) {
        switch head.framing {
        case .none: self = .none
        case .length(let count): self = count == 0 ? .none : .remaining(count)
        case .chunked: self = .chunked(ChunkedDecoder(limits: limits))
        }
    }

    /// Whether more than `count` octets are known to follow.
    func isLonger(than count: Int) -> Bool {
        if case .remaining(let remaining) = self { remaining > count } else { false }
    }

    /// Whether the whole body has been read.
    var isComplete: Bool {
        if case .none = self { true } else { false }
    }
}
