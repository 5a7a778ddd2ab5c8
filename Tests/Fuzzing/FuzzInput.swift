import HTTP

/// An input of the fuzzer, read apart into how to feed and what to feed.
struct FuzzInput {
    /// What a client sends.
    let bytes: [UInt8]
    /// A place in whatever there is to change.
    let position: Int
    /// Where it is cut in two.
    let cut: Int
    /// What it may cost.
    let limits: RequestLimits

    init(_ octets: [UInt8]) {
        let controls = (octets.prefix(3) + [0, 0, 0]).map(Int.init)
        bytes = Array(octets.dropFirst(3))
        position = controls[1] << 8 | controls[2]
        cut = position % (bytes.count + 1)
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

    /// What `text`, which must not be empty, becomes when something is put in, replaced, cut off or
    /// moved at ``position``; never `text` itself.
    func changes(of text: [UInt8]) -> [[UInt8]] {
        let (before, after) = (text[..<(position % text.count)], text[(position % text.count)...])
        let inserted = bytes.prefix(4)
        let changed: [ArraySlice<UInt8>] = [
            before + inserted + after, before + inserted + after.dropFirst(), before + inserted,
            after + before,
        ]
        return changed.map(Array.init).filter { $0 != text }
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
