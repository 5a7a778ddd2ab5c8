/// Which content is worth being compressed, and how hard it is tried.
package struct CompressionPolicy: Equatable, Sendable {
    /// One of ``Deflater/levels``.
    package var level: Int
    /// The least octets: of fewer, gzip's own 18 and a packet that is not saved leave no gain.
    package var bytesMin: Int
    /// The media types, in lower case and without parameters, such as `application/json`.
    package var mediaTypes: [String]

    /// Makes a policy.
    package init(level: Int, bytesMin: Int, mediaTypes: [String]) {
        self.level = level
        self.bytesMin = bytesMin
        self.mediaTypes = mediaTypes
    }

    /// Whether content of a type, such as `text/html; charset=utf-8`, is compressed.
    package func covers(_ contentType: String, count: Int) -> Bool {
        guard count >= bytesMin else { return false }
        let essence = contentType.utf8.prefix { $0 != UInt8(ascii: ";") }
        return mediaTypes.contains { $0.utf8.elementsEqual(essence) }
    }

    /// A document of such a type in gzip, if that is worth it; it blocks meanwhile.
    package func compress(_ content: [UInt8], of contentType: String) -> [UInt8]? {
        guard covers(contentType, count: content.count),
            let compressed = Gzip.compress(content.span, level: level),
            compressed.count < content.count
        else { return nil }
        return compressed
    }
}
