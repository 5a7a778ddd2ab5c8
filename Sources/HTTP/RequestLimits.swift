/// What a request may cost before it is refused; sizes are in octets.
///
/// Together they bound what one connection can make the process hold. The defaults are of the order
/// of those of nginx and Apache, which clients and proxies are used to.
package struct RequestLimits: Sendable {
    /// Longest request line without its CRLF; beyond it 414 (RFC 9112 §3 asks for 8,000 or more).
    package var requestLineBytesMax = 16 * 1024
    /// Longest method; beyond it 501 (RFC 9112 §3).
    package var methodBytesMax = 32
    /// Largest header section with its closing empty line; beyond it 431 (RFC 6585 §5).
    package var headerBytesMax = 32 * 1024
    /// Longest field line without its CRLF; beyond it 431 (RFC 6585 §5).
    package var fieldBytesMax = 16 * 1024
    /// Most field lines of a header section; beyond it 431 (RFC 6585 §5).
    package var fieldCountMax = 100
    /// Largest request content after decoding; beyond it 413 (RFC 9110 §15.5.14).
    package var bodyBytesMax = 1 << 20
    /// Longest line that holds a chunk's size and extensions, without its CRLF (RFC 9112 §7.1.1).
    package var chunkLineBytesMax = 256
    /// Most octets of chunk extensions in one request, over all its chunks (RFC 9112 §7.1.1).
    package var chunkExtensionBytesMax = 4096
    /// Largest trailer section with its closing empty line; beyond it 431 (RFC 6585 §5).
    package var trailerBytesMax = 32 * 1024
    /// Most field lines of a trailer section; beyond it 431 (RFC 6585 §5).
    package var trailerCountMax = 100
    /// Most empty lines skipped before a request line (RFC 9112 §2.2 asks for at least one).
    package var leadingEmptyLinesMax = 4

    /// The defaults.
    package init() {}
}
