/// What the fuzzer feeds, and what must hold whatever it feeds.
///
/// An input begins with three octets that say how it is fed: in the first, an odd number asks for
/// small limits; the two after it are where it is cut in two. The rest is what a client sends.
package enum FuzzTarget: String, CaseIterable, Sendable {
    /// What a client sends on a connection: heads, content, chunks, one request after another.
    case requests
    /// Content in the chunked coding.
    case chunks
    /// A request's target, and the segments and parameters that stand in it.
    case targets
    /// Values of Host, Content-Type, If-Match, X-Forwarded-For and Forwarded, and of fields that a
    /// response repeats.
    case values

    /// Shows that an input is dealt with as it has to be.
    ///
    /// - Throws: The first property that does not hold.
    package func check(_ octets: [UInt8]) throws(BrokenProperty) {
        let input = FuzzInput(octets)
        switch self {
        case .requests: try RequestProperties.check(input)
        case .chunks: try ChunkProperties.check(input)
        case .targets: try TargetProperties.check(input)
        case .values: try ValueProperties.check(input)
        }
    }
}

/// What must hold and does not.
package struct BrokenProperty: Error, CustomStringConvertible {
    /// The property, and what was found instead.
    package let description: String
}

/// Throws unless a property holds.
func require(
    _ holds: Bool, _ property: @autoclosure () -> String
) throws(BrokenProperty) {
    guard holds else { throw BrokenProperty(description: property()) }
}
