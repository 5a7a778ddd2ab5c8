/// What the fuzzer feeds, and what must hold whatever it feeds.
///
/// An input begins with three octets that say how it is fed: in the first, an odd number asks for
/// small limits; the two after it are where it is cut in two. The rest is what a client sends, or
/// what else the target reads.
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
    /// JSON texts, such as the content of a request.
    case json
    /// What a merge patch changes, up to the cut, and the merge patch.
    case patches
    /// E-mail addresses, their domains, and the keys that users are found by.
    case emails
    /// The cursors of lists: texts that nobody has sealed, and what might have been sealed.
    case cursors
    /// Access tokens: whole ones, and headers and payloads that we have signed.
    case tokens
    /// The files of migrations, and their names.
    case migrations
    /// Users' entries in the cache, which anybody may have put there.
    case entries
    /// What Redis answers.
    case replies

    /// Shows that an input is dealt with as it has to be.
    ///
    /// - Throws: The first property that does not hold.
    package func check(_ octets: [UInt8]) async throws(BrokenProperty) {
        let input = FuzzInput(octets)
        switch self {
        case .requests: try RequestProperties.check(input)
        case .chunks: try ChunkProperties.check(input)
        case .targets: try TargetProperties.check(input)
        case .values: try ValueProperties.check(input)
        case .json: try JSONProperties.check(input)
        case .patches: try MergePatchProperties.check(input)
        case .emails: try EmailProperties.check(input)
        case .cursors: try CursorProperties.check(input)
        case .tokens: try await TokenProperties.check(input)
        case .migrations: try MigrationProperties.check(input)
        case .entries: try EntryProperties.check(input)
        case .replies: try ReplyProperties.check(input)
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
