import HTTP

/// What holds of whatever a client sends on a connection.
enum RequestProperties {
    static func check(_ input: FuzzInput) throws(BrokenProperty) {
        let arrivals = input.arrivals
        let whole = ConnectionReader.read(arrivals[0].pieces, limits: input.limits)
        for arrival in arrivals.dropFirst() {
            let outcome = ConnectionReader.read(arrival.pieces, limits: input.limits)
            // After a refusal nothing is read, so it does not matter how much was taken.
            try require(
                outcome == whole || outcome.agreesOnRefusal(with: whole),
                "Octets are the same however they arrive: \(arrival.name), \(outcome); \(whole).")
        }
        try require(
            (0...input.bytes.count).contains(whole.taken),
            "\(whole.taken) of \(input.bytes.count) octets were taken.")
        for message in whole.messages { try check(message, input) }
    }

    private static func check(
        _ message: ConnectionReader.Message, _ input: FuzzInput
    ) throws(BrokenProperty) {
        try require(
            message.content.count <= input.limits.bodyBytesMax,
            "A content has \(message.content.count) octets.")
        if case .length(let length) = message.head.framing {
            try require(
                message.isComplete == (message.content.count == length)
                    && message.content.count <= length,
                "A content of length \(length) has \(message.content.count) octets.")
        }
        try checkEnd(of: message, input)
        try HeadProperties.check(message.head)
        try TargetProperties.check(path: message.head.path, query: message.head.query)
        try ResponseProperties.check(message.head)
    }

    /// A head is read when its last octet is there and not before, whatever follows.
    private static func checkEnd(
        of message: ConnectionReader.Message, _ input: FuzzInput
    ) throws(BrokenProperty) {
        let octets = message.head.octets
        try require(
            input.bytes[message.start...].starts(with: octets),
            "A head is where the message before it ends.")
        let alone = ConnectionReader.read([octets], limits: input.limits)
        try require(alone.messages.map(\.head) == [message.head], "A head stands for itself.")
        let most = ConnectionReader.read([octets.dropLast()], limits: input.limits)
        try require(
            most.messages.isEmpty && most.refusal == nil,
            "A head without its last octet is incomplete, not \(most).")
    }
}

extension ConnectionReader.Outcome {
    /// Whether both end in the same refusal after the same messages.
    func agreesOnRefusal(with other: Self) -> Bool {
        refusal != nil && refusal == other.refusal && messages == other.messages
    }
}
