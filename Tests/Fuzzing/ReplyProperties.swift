@testable import Redis

/// What holds of what Redis answers.
enum ReplyProperties {
    private struct Outcome: Equatable {
        var replies: [RedisReply] = []
        var isMalformed = false
    }

    static func check(_ input: FuzzInput) throws(BrokenProperty) {
        let arrivals = input.arrivals
        let whole = read(arrivals[0].pieces)
        for arrival in arrivals.dropFirst() {
            let outcome = read(arrival.pieces)
            try require(
                outcome == whole,
                "Replies are the same however they arrive: \(arrival.name), \(outcome); \(whole).")
        }
        for reply in whole.replies { try check(reply) }
        try checkRoundTrip(whole)
    }

    /// The replies in `pieces`, up to what is none.
    private static func read(_ pieces: [[UInt8]]) -> Outcome {
        let reader = ReplyReader()
        var outcome = Outcome()
        do {
            for piece in pieces {
                guard piece.withUnsafeBytes(reader.feed) else {
                    outcome.isMalformed = true
                    return outcome
                }
                while let reply = try reader.next() { outcome.replies.append(reply) }
            }
        } catch {
            outcome.isMalformed = true
        }
        return outcome
    }

    /// A list has no list in it and is not long; of an error there is but a word.
    private static func check(_ reply: RedisReply) throws(BrokenProperty) {
        switch reply {
        case .status, .string, .integer, .null: break
        case .error(let code):
            try require(
                (1...32).contains(code.utf8.count)
                    && code.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")) ~= $0 },
                "An error tells \(code.debugDescription).")
        case .list(let elements):
            try require(
                elements.count <= Int(ReplyReader.elementsMax),
                "A list has \(elements.count) elements.")
            for element in elements {
                if case .list = element {
                    throw BrokenProperty(description: "A list is in a list: \(reply).")
                }
                try check(element)
            }
        }
    }

    /// Replies that are written out anew are the same.
    private static func checkRoundTrip(_ whole: Outcome) throws(BrokenProperty) {
        let written = whole.replies.flatMap(octets)
        // A status in which an octet was no UTF-8 is longer now.
        guard written.count <= ReplyReader.octetsMax else { return }
        let again = read([written])
        try require(
            again == Outcome(replies: whole.replies), "\(written) is \(again), not \(whole).")
    }

    private static func octets(of reply: RedisReply) -> [UInt8] {
        switch reply {
        case .status(let text): Array("+\(text)\r\n".utf8)
        case .string(let octets): Array("$\(octets.count)\r\n".utf8) + octets + [0x0D, 0x0A]
        case .integer(let number): Array(":\(number)\r\n".utf8)
        case .null: Array("$-1\r\n".utf8)
        case .error(let code): Array("-\(code) \r\n".utf8)
        case .list(let elements):
            Array("*\(elements.count)\r\n".utf8) + elements.flatMap(octets)
        }
    }
}
