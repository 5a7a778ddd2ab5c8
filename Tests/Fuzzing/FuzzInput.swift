import HTTP

/// An input of the fuzzer, read apart into how to feed and what to feed.
struct FuzzInput {
    /// What a client sends.
    let bytes: [UInt8]
    /// Where it is cut in two.
    let cut: Int
    /// What it may cost.
    let limits: RequestLimits

    init(_ octets: [UInt8]) {
        let controls = (octets.prefix(3) + [0, 0, 0]).map(Int.init)
        bytes = Array(octets.dropFirst(3))
        cut = (controls[1] << 8 | controls[2]) % (bytes.count + 1)
        limits = controls[0] % 2 == 0 ? RequestLimits() : Self.smallLimits
    }

    /// The three ways in which the octets arrive: whole, in two pieces, and one by one.
    ///
    /// Each piece is an array of its own, so that Address Sanitizer sees a step beyond its end.
    var arrivals: [(name: String, pieces: [[UInt8]])] {
        [
            ("whole", [bytes]),
            ("cut at \(cut)", [Array(bytes[..<cut]), Array(bytes[cut...])]),
            ("octet by octet", bytes.map { [$0] }),
        ]
    }

    /// Limits that an input of a hundred octets can pass.
    private static let smallLimits = {
        var limits = RequestLimits()
        limits.requestLineBytesMax = 40
        limits.methodBytesMax = 8
        limits.headerBytesMax = 80
        limits.fieldBytesMax = 40
        limits.fieldCountMax = 4
        limits.bodyBytesMax = 20
        limits.chunkLineBytesMax = 24
        limits.chunkExtensionBytesMax = 40
        limits.trailerBytesMax = 30
        limits.trailerCountMax = 3
        limits.leadingEmptyLinesMax = 2
        return limits
    }()
}
