package import Gzip

/// Which answers are compressed for clients that ask for it, and how.
package struct CompressionSettings: Equatable, Sendable {
    /// Whether any is.
    package var isEnabled: Bool
    /// Which are, and how.
    package var chosen: CompressionPolicy

    /// What holds; nil if no answer is compressed.
    package var policy: CompressionPolicy? { isEnabled ? chosen : nil }

    /// Reads `GZIP_…`.
    package init(reading reader: inout ConfigurationReader) {
        isEnabled = reader.boolean(.gzipEnabled, default: true)
        chosen = CompressionPolicy(
            level: reader.integer(.gzipLevel, default: 5, in: Deflater.levels),
            bytesMin: reader.byteSize(.gzipMinSize, default: 1024, in: 64...1024 * 1024),
            mediaTypes: reader.mediaTypes(
                .gzipTypes,
                default: ["application/json", "text/css", "text/html", "text/javascript"]))
    }
}
